import { describe, expect, it } from 'vitest';
import { decodeStreams, hasPath, movingMean, valueAt } from './streams.ts';

describe('decodeStreams', () => {
  it('sums deltas, keeps the sum across gaps and scales', () => {
    const streams = decodeStreams({
      length_s: 5,
      columns: { speed_mps: { scale: 0.01, deltas: [300, null, 5, null, -10] } },
    });
    const speed = streams.columns.speed_mps ?? new Float64Array();
    expect(Array.from(speed, (v) => (Number.isNaN(v) ? null : +v.toFixed(2)))).toEqual([
      3,
      null,
      3.05,
      null,
      2.95,
    ]);
  });

  it('leaves out what was not measured and pads a short column with gaps', () => {
    const streams = decodeStreams({
      length_s: 3,
      columns: { heart_rate_bpm: { scale: 1, deltas: [120] } },
    });
    expect(streams.columns.cadence_spm).toBeUndefined();
    expect(Array.from(streams.columns.heart_rate_bpm ?? [])).toEqual([120, NaN, NaN]);
  });
});

describe('hasPath', () => {
  const withPath = (latitude: number[], longitude: number[]) =>
    hasPath({
      length_s: latitude.length,
      columns: {
        latitude: Float64Array.from(latitude),
        longitude: Float64Array.from(longitude),
      },
    });

  it('needs two known positions', () => {
    expect(withPath([NaN, 1, 2], [NaN, 1, 2])).toBe(true);
    expect(withPath([NaN, 1, 2], [NaN, 1, NaN])).toBe(false);
    expect(hasPath({ length_s: 9, columns: {} })).toBe(false);
  });

  it('needs them apart: a watch beside a treadmill stands still', () => {
    expect(withPath([52, 52.00005, 52], [13, 13.0001, 13])).toBe(false);
    expect(withPath([52, 52.0005, 52], [13, 13.0001, 13])).toBe(true);
  });
});

describe('movingMean', () => {
  it('averages over the window, shorter at the ends', () => {
    expect(Array.from(movingMean(Float64Array.of(1, 2, 6, 2), 3))).toEqual([1.5, 3, 10 / 3, 4]);
  });

  it('keeps gaps and ignores them in their neighbours', () => {
    expect(Array.from(movingMean(Float64Array.of(1, NaN, 3), 3))).toEqual([1, NaN, 3]);
  });
});

describe('valueAt', () => {
  it('is null outside the run and in gaps', () => {
    const values = Float64Array.of(7, NaN);
    expect([0, 1, 2, null].map((second) => valueAt(values, second))).toEqual([7, null, null, null]);
    expect(valueAt(undefined, 0)).toBeNull();
  });
});
