import { describe, expect, it } from 'vitest';
import { figuresOf, minuteRows } from './figures.ts';
import type { Streams } from './streams.ts';

const streams: Streams = {
  length_s: 6,
  columns: {
    speed_mps: Float64Array.of(3, 3, 0, NaN, 4, 4),
    distance_m: Float64Array.of(0, 3, 6, NaN, 7, 11),
    heart_rate_bpm: Float64Array.of(100, 110, 120, 130, 140, 150),
  },
};

describe('figuresOf', () => {
  it('averages moving seconds only and bills gaps to nobody', () => {
    const figures = figuresOf(streams, 0, 6);
    expect(figures).toMatchObject({ elapsed_s: 6, moving_s: 4, distance_m: 11 });
    expect(figures.speed_mps).toBeCloseTo(10 / 3);
    expect(figures.cadence_spm).toBeNull();
  });

  it('takes the speed from the ground covered, or without that from the speeds', () => {
    const columns = { speed_mps: Float64Array.of(2, 4, 0, 0) };
    expect(figuresOf({ length_s: 4, columns }, 0, 4).speed_mps).toBe(3);
    const distance_m = Float64Array.of(0, 5, 10, 11);
    expect(figuresOf({ length_s: 4, columns: { ...columns, distance_m } }, 0, 4).speed_mps).toBe(5);
  });

  it('covers the distance up to the first second of the next stretch, so that stretches add up', () => {
    const [first, second] = [figuresOf(streams, 0, 2), figuresOf(streams, 2, 6)];
    expect((first.distance_m ?? 0) + (second.distance_m ?? 0)).toBe(11);
  });

  it('reads heart rate later by the lag', () => {
    expect(figuresOf(streams, 0, 2).heart_rate_bpm).toBe(105);
    expect(figuresOf(streams, 0, 2, 3).heart_rate_bpm).toBe(135);
  });
});

describe('minuteRows', () => {
  it('gives a row a minute with the song playing as it begins', () => {
    const rows = minuteRows({ length_s: 150, columns: {} }, [
      { start_s: 0, end_s: 70 },
      { start_s: 70, end_s: 150 },
    ]);
    expect(rows.map((row) => [row.start_s, row.elapsed_s, row.span])).toEqual([
      [0, 60, 0],
      [60, 60, 0],
      [120, 30, 1],
    ]);
  });
});
