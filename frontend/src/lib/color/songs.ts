/**
 * Colours of songs: twelve hues of one lightness, so that no song shouts louder than another.
 *
 * A song wants the hue its identifier hashes to, which makes it look the same in every run. It gives
 * way only when a song played right before or after it within this run is too close in hue. Colour is
 * never the only sign: songs also carry numbers.
 */

import { contrast, toHex } from './oklch.ts';

export type Theme = 'light' | 'dark';

export const HUES = 12;

/** Neighbours differ by at least two steps of 30°: adjacent hues are hard to tell on a thin line. */
const LEAST_STEPS = 2;

const LIGHTNESS: Record<Theme, number> = { light: 0.66, dark: 0.74 };
const CHROMA = 0.15;
const FIRST_HUE = 15;
const INK = { dark: '#101216', light: '#ffffff' };

/** #rrggbb of each hue. */
export const songPalette = (theme: Theme): string[] =>
  Array.from({ length: HUES }, (_, i) =>
    toHex({ l: LIGHTNESS[theme], c: CHROMA, h: FIRST_HUE + i * (360 / HUES) }),
  );

/** The quiet grey of silence, and of a path without music. */
export const silenceColor = (theme: Theme): string =>
  toHex({ l: theme === 'light' ? 0.62 : 0.6, c: 0.008, h: 260 });

/** Text that can be read on a colour. */
export const inkOn = (color: string): string =>
  contrast(color, INK.dark) >= contrast(color, INK.light) ? INK.dark : INK.light;

/** FNV-1a over the text, spread over the hues. */
export function preferredHue(trackId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < trackId.length; i++) {
    hash = Math.imul(hash ^ trackId.charCodeAt(i), 0x01000193);
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES;
}

const steps = (a: number, b: number) => Math.min((a - b + HUES) % HUES, (b - a + HUES) % HUES);

/**
 * Hue index of every song, from the songs in the order played (repeats welcome).
 *
 * Assigned in order of first appearance; when no hue keeps the wanted distance from all neighbours,
 * the one farthest from its nearest neighbour is taken.
 */
export function assignHues(playedTrackIds: string[]): Map<string, number> {
  const neighbours = new Map<string, Set<string>>();
  playedTrackIds.forEach((id, i) => {
    const around = neighbours.get(id) ?? new Set();
    for (const other of [playedTrackIds[i - 1], playedTrackIds[i + 1]]) {
      if (other !== undefined && other !== id) around.add(other);
    }
    neighbours.set(id, around);
  });

  const hues = new Map<string, number>();
  for (const [id, around] of neighbours) {
    const taken = [...around].flatMap((other) => hues.get(other) ?? []);
    const distance = (hue: number) => Math.min(HUES, ...taken.map((other) => steps(hue, other)));
    const wanted = preferredHue(id);
    const byWish = Array.from({ length: HUES }, (_, i) => i).sort(
      (a, b) => steps(a, wanted) - steps(b, wanted),
    );
    const free = byWish.find((hue) => distance(hue) >= LEAST_STEPS);
    hues.set(
      id,
      free ?? byWish.reduce((best, hue) => (distance(hue) > distance(best) ? hue : best)),
    );
  }
  return hues;
}
