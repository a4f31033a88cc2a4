import { describe, expect, it } from 'vitest';
import type { ShownSpan } from '#lib/run/soundtrack.ts';
import type { Streams } from '#lib/run/streams.ts';
import { comparisonHref, readComparison } from './address.ts';
import { lastKnown, leadAlong, readAlong, secondsAlong, spansAlong, stretchOf } from './axis.ts';

const runOf = (way_m: number[]): Streams => ({
  length_s: way_m.length,
  columns: { distance_m: Float64Array.from(way_m) },
});
const steady = (length_s: number, speed_mps: number) =>
  runOf(Array.from({ length: length_s }, (_, second) => second * speed_mps));

/** A reproducible series of numbers from 0 to 1. */
function chances(seed: number) {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

/** Runs, pauses, gaps: whatever a watch may write. */
function strayRun(seed: number): Streams {
  const chance = chances(seed);
  let way_m = 0;
  return runOf(
    Array.from({ length: 400 }, () => {
      way_m += chance() < 0.1 ? 0 : chance() * 5;
      return chance() < 0.05 ? NaN : way_m;
    }),
  );
}

describe('a run along its way', () => {
  it('tells when each ten metres were passed', () => {
    expect([...secondsAlong(steady(9, 4), 'distance')]).toEqual([0, 2.5, 5, 7.5]);
  });

  it('passes places one after the other, whatever was recorded', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const run = strayRun(seed);
      const seconds = secondsAlong(run, 'distance').filter((second) => !Number.isNaN(second));
      seconds.forEach((second, i) => {
        expect(second).toBeGreaterThanOrEqual(seconds[i - 1] ?? 0);
        expect(second).toBeLessThan(run.length_s);
      });
    }
  });

  it('knows nothing of a long gap, and goes on after it', () => {
    const way_m = Array.from({ length: 60 }, (_, s) => (s > 10 && s < 40 ? NaN : s * 2));
    const seconds = secondsAlong(runOf(way_m), 'distance');
    expect([...seconds.slice(0, 2)]).toEqual([0, 5]);
    expect(seconds[4]).toBeNaN();
    expect(seconds[9]).toBe(45);
  });

  it('does not run backwards with a watch that does', () => {
    expect([...secondsAlong(runOf([0, 8, 3, 12]), 'distance')]).toEqual([0, 2]);
  });

  it('has no steps without a distance', () => {
    expect(secondsAlong({ length_s: 5, columns: {} }, 'distance')).toHaveLength(0);
  });

  it('reads what was measured there, and nothing beyond the end', () => {
    const seconds = secondsAlong(steady(9, 4), 'distance');
    const heart = Float64Array.from([100, 101, 102, 103, 104, 105, 106, 107, 108]);
    expect([...readAlong(heart, seconds, 5)]).toEqual([100, 103, 105, 108, NaN]);
  });
});

describe('the lead of the first run', () => {
  const lead = (a: Streams, b: Streams, axis: 'distance' | 'time') =>
    leadAlong([a, b], [secondsAlong(a, axis), secondsAlong(b, axis)], axis);

  it('is the time that the other still needs to the same place', () => {
    const ahead_s = lead(steady(101, 5), steady(101, 4), 'distance');
    expect(ahead_s[40]).toBeCloseTo(20);
    expect(ahead_s).toHaveLength(51);
    expect(lastKnown(ahead_s)).toBe(40);
  });

  it('is the way between them at the same time', () => {
    const ahead_m = lead(steady(101, 5), steady(61, 4), 'time');
    expect(ahead_m[60]).toBeCloseTo(60);
    expect(lastKnown(ahead_m)).toBe(60);
  });

  it('is the opposite with the runs swapped, and none against itself', () => {
    for (const axis of ['distance', 'time'] as const) {
      for (let seed = 1; seed <= 50; seed++) {
        const [a, b] = [strayRun(seed), strayRun(seed + 1000)];
        const swapped = lead(b, a, axis);
        lead(a, b, axis).forEach((value, step) => {
          if (!Number.isNaN(value)) expect(value).toBeCloseTo(-swapped[step]);
          else expect(swapped[step]).toBeNaN();
        });
        expect(lead(a, a, axis).every((value) => !(Math.abs(value) > 0))).toBe(true);
      }
    }
  });

  it('is unknown where one run has no way', () => {
    expect(lastKnown(lead(steady(50, 3), { length_s: 50, columns: {} }, 'distance'))).toBe(-1);
  });
});

it('puts songs where they were heard', () => {
  const run = steady(201, 4);
  const span = { start_s: 50, end_s: 100, start_uncertainty_s: 5 } as ShownSpan;
  expect(spansAlong([span], run, 'time')[0]).toBe(span);
  const placed = spansAlong([span], run, 'distance')[0];
  expect([placed.start_s, placed.end_s, placed.start_uncertainty_s]).toEqual([20, 40, 2]);
});

it('finds the seconds of a stretch', () => {
  const seconds = Float64Array.from([0, NaN, 6, 9, NaN]);
  expect(stretchOf(seconds, 1, 4)).toEqual([6, 9]);
  expect(stretchOf(seconds, 4, 9)).toBeNull();
});

describe('the address', () => {
  it('is read as it was written', () => {
    const asked = { a: 'one', b: 'two', axis: 'time' } as const;
    const query = new URL(comparisonHref(asked), 'http://here').searchParams;
    expect(readComparison(query)).toEqual(asked);
  });

  it('compares no run with itself, and makes do with nonsense', () => {
    const query = new URLSearchParams('a=one&b=one&axis=mood');
    expect(readComparison(query)).toEqual({ a: 'one', b: null, axis: 'distance' });
  });
});
