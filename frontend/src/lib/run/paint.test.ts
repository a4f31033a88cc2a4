import { describe, expect, it } from 'vitest';
import { availableModes, scaleOf, valuesOf } from './paint.ts';
import type { Streams } from './streams.ts';

const streams: Streams = {
  length_s: 200,
  columns: {
    speed_mps: Float64Array.from({ length: 200 }, (_, i) => (i < 20 ? 0 : 2.8 + (i % 10) / 20)),
    grade_pct: Float64Array.from({ length: 200 }, (_, i) => (i % 10) / 2 - 4),
  },
};

describe('colour modes', () => {
  it('are those the run was measured for', () => {
    expect(availableModes(streams, true)).toEqual(['song', 'pace', 'grade']);
  });

  it('begin with pace when there is no music, and are never none', () => {
    expect(availableModes(streams, false)[0]).toBe('pace');
    expect(availableModes({ length_s: 1, columns: {} }, false)).toEqual(['song']);
  });

  it('do not count standing', () => {
    expect(valuesOf('pace', streams)[5]).toBeNaN();
    expect(valuesOf('grade', streams)[5]).toBeNaN();
  });
});

describe('scaleOf', () => {
  it('has round paces at its ends, in the unit of the runner', () => {
    for (const unit_m of [1000, 1609.344]) {
      const scale = scaleOf('pace', streams, 'light', unit_m);
      expect((unit_m / (scale?.low ?? 0)) % 15).toBeCloseTo(0);
      expect(scale?.low).toBeLessThanOrEqual(2.8);
      expect(scale?.high).toBeGreaterThanOrEqual(3.25);
    }
  });

  it('puts level ground in the middle of the grade scale', () => {
    expect(scaleOf('grade', streams, 'dark', 1000)).toMatchObject({ low: -4, high: 4 });
  });

  it('is none without measurements', () => {
    expect(scaleOf('heart_rate', streams, 'light', 1000)).toBeNull();
  });
});
