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

/**
 * Steps of 30° that songs keep in hue when one is played so many songs after the other: adjacent hues
 * are hard to tell on a thin line, and the next but one is often in sight too.
 */
const LEAST_STEPS = [
  [1, 2],
  [2, 1],
] as const;

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
 * Assigned in order of first appearance. When no hue keeps the wanted distance from all songs played
 * near it, the one that comes closest to keeping it is taken.
 */
export function assignHues(playedTrackIds: string[]): Map<string, number> {
  const neighbours = new Map<string, Map<string, number>>();
  playedTrackIds.forEach((id, i) => {
    const around = neighbours.get(id) ?? new Map<string, number>();
    for (const [away, least] of LEAST_STEPS) {
      for (const other of [playedTrackIds[i - away], playedTrackIds[i + away]]) {
        if (other === undefined || other === id) continue;
        around.set(other, Math.max(least, around.get(other) ?? 0));
      }
    }
    neighbours.set(id, around);
  });

  const hues = new Map<string, number>();
  for (const [id, around] of neighbours) {
    const wanted = preferredHue(id);
    const byWish = Array.from({ length: HUES }, (_, i) => i).sort(
      (a, b) => steps(a, wanted) - steps(b, wanted),
    );
    hues.set(id, leastConflict(byWish, around, hues));
  }
  return hues;
}

/** The first of the hues with the least sum of missing steps to the neighbours that have one. */
function leastConflict(byWish: number[], around: Map<string, number>, hues: Map<string, number>) {
  const conflict = (hue: number) => {
    let missing = 0;
    for (const [other, least] of around) {
      const taken = hues.get(other);
      if (taken === undefined) continue;
      // Sharing a hue with the very next song is the one thing to avoid at any price.
      const lacking = Math.max(0, least - steps(hue, taken));
      missing += lacking === least && least > 1 ? 100 : lacking;
    }
    return missing;
  };
  return byWish.reduce((best, hue) => (conflict(hue) < conflict(best) ? hue : best));
}
