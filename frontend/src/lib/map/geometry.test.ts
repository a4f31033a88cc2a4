import { describe, expect, it } from 'vitest';
import type { Streams } from '#lib/run/streams.ts';
import {
  bearingAt,
  boundsOf,
  distanceMarks,
  indexPath,
  nearestPosition,
  nearestSecond,
  withoutOverlap,
} from './geometry.ts';

const path = (points: ([number, number] | null)[], distance_m?: number[]): Streams => ({
  length_s: points.length,
  columns: {
    longitude: Float64Array.from(points, (at) => at?.[0] ?? NaN),
    latitude: Float64Array.from(points, (at) => at?.[1] ?? NaN),
    ...(distance_m && { distance_m: Float64Array.from(distance_m) }),
  },
});
const eastward = path(Array.from({ length: 100 }, (_, i) => [13 + i * 1e-4, 52]));

describe('boundsOf', () => {
  it('covers the path, or a window of it', () => {
    const streams = path([[13, 52], null, [13.2, 51.9], [14, 53]]);
    expect(boundsOf(streams, 0, 3)).toEqual([
      [13, 51.9],
      [13.2, 52],
    ]);
    expect(boundsOf(streams, 1, 2)).toBeNull();
  });
});

describe('bearingAt', () => {
  it('points where the run goes', () => {
    expect(bearingAt(eastward, 50)).toBeCloseTo(90);
    const northward = path([
      [13, 52],
      [13, 52.001],
    ]);
    expect(bearingAt(northward, 0)).toBeCloseTo(0);
  });

  it('is unknown while standing', () => {
    expect(
      bearingAt(
        path([
          [13, 52],
          [13, 52],
          [13, 52],
        ]),
        1,
      ),
    ).toBeNull();
  });
});

describe('nearestPosition', () => {
  it('bridges a gap from its nearer end', () => {
    const streams = path([[1, 1], null, null, null, [2, 2]]);
    expect(nearestPosition(streams, 3)).toEqual([2, 2]);
    expect(nearestPosition(path([null]), 0)).toBeNull();
  });
});

describe('nearestSecond', () => {
  it('finds the second under the pointer and nothing far away', () => {
    const index = indexPath(eastward);
    expect(nearestSecond(index, [13.0042, 52], 15, 20, null)).toBe(42);
    expect(nearestSecond(index, [13.0042, 52.1], 15, 20, null)).toBeNull();
  });

  it('stays on the lap of the cursor where the path runs over itself', () => {
    const out = Array.from({ length: 50 }, (_, i): [number, number] => [13 + i * 1e-4, 52]);
    const index = indexPath(path([...out, ...out.toReversed()]));
    expect(nearestSecond(index, [13.002, 52], 14, 20, 90)).toBeGreaterThan(50);
    expect(nearestSecond(index, [13.002, 52], 14, 20, 5)).toBeLessThan(50);
  });
});

describe('distanceMarks', () => {
  it('marks every whole unit once, where it is first passed', () => {
    const streams = path(
      [
        [1, 1],
        [2, 2],
        [3, 3],
        [4, 4],
      ],
      [0, 999, 1001, 2000],
    );
    expect(distanceMarks(streams, 1000).map((mark) => [mark.count, mark.second])).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });
});

describe('withoutOverlap', () => {
  it('shows the earlier of two labels that touch', () => {
    const pixels = [
      { x: 0, y: 0 },
      { x: 10, y: 5 },
      { x: 30, y: 5 },
    ];
    expect(withoutOverlap(pixels, 20)).toEqual([true, false, true]);
  });
});
