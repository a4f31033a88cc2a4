import { describe, expect, it } from 'vitest';
import { randomFrom } from './compose.ts';
import { median, tempoOf, withTap } from './tap.ts';

const tapped = (times_ms: number[]) => times_ms.reduce<number[]>(withTap, []);
const beats = (tempo_bpm: number, count: number) =>
  Array.from({ length: count }, (_, i) => 5000 + (i * 60_000) / tempo_bpm);

describe('tapping', () => {
  it('says nothing before the fourth tap', () => {
    expect(tempoOf(tapped(beats(160, 3)))).toBeNull();
    expect(tempoOf(tapped(beats(160, 4)))?.tempo_bpm).toBeCloseTo(160);
  });

  it('is not moved by a missed or a doubled tap', () => {
    const times = beats(150, 16);
    times.splice(7, 1);
    times.splice(3, 0, times[2] + 30);
    expect(tempoOf(tapped(times))?.tempo_bpm).toBeCloseTo(150);
  });

  it('knows how sure it is: its interval holds the tempo 19 times of 20, and narrows', () => {
    const trials = Array.from({ length: 300 }, (_, seed) => {
      const random = randomFrom(`thumb ${seed}`);
      const times = beats(172, 24).map((at_ms) => at_ms + (random() + random() - 1) * 25);
      return { few: tempoOf(times.slice(0, 8)), many: tempoOf(times) };
    });
    const widths = (of: 'few' | 'many') => trials.map((one) => one[of]?.plusMinus_bpm ?? Infinity);
    const held = trials.filter(
      ({ many }) => many && Math.abs(many.tempo_bpm - 172) <= many.plusMinus_bpm,
    );
    expect(held.length / trials.length).toBeGreaterThan(0.93);
    expect(median(widths('many'))).toBeLessThan(median(widths('few')));
    expect(median(widths('many'))).toBeGreaterThan(0.5);
  });

  it('begins anew after a pause', () => {
    expect(tapped([...beats(150, 8), 60_000, 60_500])).toEqual([60_000, 60_500]);
  });
});
