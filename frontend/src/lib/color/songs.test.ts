import { describe, expect, it } from 'vitest';
import { contrast, toOklab } from './oklch.ts';
import { assignHues, HUES, inkOn, preferredHue, silenceColor, songPalette } from './songs.ts';

const ids = Array.from({ length: 400 }, (_, i) => `01922f4c-${i.toString(16)}-7000`);
const steps = (a: number, b: number) => Math.min((a - b + HUES) % HUES, (b - a + HUES) % HUES);

describe.each(['light', 'dark'] as const)('song colours, %s', (theme) => {
  it('are equally light', () => {
    const lightness = songPalette(theme).map((color) => toOklab(color)[0]);
    expect(Math.max(...lightness) - Math.min(...lightness)).toBeLessThan(0.01);
  });

  it('carry text at AA contrast', () => {
    for (const color of [...songPalette(theme), silenceColor(theme)]) {
      expect(contrast(color, inkOn(color))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('differ from each other', () => {
    expect(new Set(songPalette(theme)).size).toBe(HUES);
  });
});

describe('assignHues', () => {
  it('keeps neighbours at least two hues apart, and the next but one different', () => {
    for (let start = 0; start < 300; start += 20) {
      const played = ids.slice(start, start + 20);
      const hues = assignHues(played);
      for (let i = 1; i < played.length; i++) {
        expect(steps(hues.get(played[i]) ?? 0, hues.get(played[i - 1]) ?? 0)).toBeGreaterThan(1);
        if (i > 1) expect(hues.get(played[i])).not.toBe(hues.get(played[i - 2]));
      }
    }
  });

  it('gives a song one colour however often it comes, and its own wish when it can', () => {
    const hues = assignHues([ids[0], ids[1], ids[0], ids[2], ids[0]]);
    expect(hues.size).toBe(3);
    expect(hues.get(ids[0])).toBe(preferredHue(ids[0]));
    for (const other of [ids[1], ids[2]]) {
      expect(steps(hues.get(ids[0]) ?? 0, hues.get(other) ?? 0)).toBeGreaterThan(1);
    }
  });

  it('uses all hues about evenly across runs', () => {
    const counts = new Array(HUES).fill(0);
    for (const id of ids) counts[preferredHue(id)]++;
    expect(Math.min(...counts)).toBeGreaterThan(ids.length / HUES / 3);
  });

  it('still tells neighbours apart when a song is played between many others', () => {
    const played = ids.slice(0, 15).flatMap((id) => [ids[99], id]);
    const hues = assignHues(played);
    for (const id of ids.slice(0, 15)) expect(hues.get(id)).not.toBe(hues.get(ids[99]));
  });
});
