import { describe, expect, it } from 'vitest';
import { decodePolyline, thumbnailPath } from './thumbnail.ts';

describe('an encoded polyline', () => {
  it('is read as the format’s own example', () => {
    expect(decodePolyline('_p~iF~ps|U_ulLnnqC_mqNvxq`@')).toEqual([
      [38.5, -120.2],
      [40.7, -120.95],
      [43.252, -126.453],
    ]);
  });

  it('that is cut off gives the points before the cut', () => {
    expect(decodePolyline('_p~iF~ps|U_ulLnn')).toEqual([[38.5, -120.2]]);
    expect(decodePolyline('')).toEqual([]);
  });
});

/** Encode degrees, to make paths for these tests. */
function encode(points: [number, number][]): string {
  let text = '';
  let last = [0, 0];
  for (const point of points) {
    const now = point.map((degrees) => Math.round(degrees * 1e5));
    for (const axis of [0, 1]) {
      let value = (now[axis] - last[axis]) << 1;
      if (now[axis] < last[axis]) value = ~value;
      for (; value >= 32; value >>= 5) text += String.fromCharCode((32 | (value & 31)) + 63);
      text += String.fromCharCode(value + 63);
    }
    last = now;
  }
  return text;
}

const corners = (path: string) =>
  path
    .slice(1)
    .split('L')
    .map((corner) => corner.split(' ').map(Number));

describe('a thumbnail', () => {
  it('fills its square, north up, centred, with its shape kept', () => {
    // 0.01° north and, at 60° north, 0.01° east: half as wide as high.
    const path = corners(
      thumbnailPath(
        encode([
          [60, 10],
          [60.01, 10],
          [60.01, 10.01],
        ]),
        56,
        6,
      ),
    );
    expect(path[0]).toEqual([17, 50]);
    expect(path[1]).toEqual([17, 6]);
    expect(path[2][0]).toBeCloseTo(39, 0);
  });

  it('stays whole across the date line', () => {
    const [[x0], [x1]] = corners(
      thumbnailPath(
        encode([
          [0, 179.99],
          [0, -179.99],
        ]),
        50,
        5,
      ),
    );
    expect([x0, x1]).toEqual([5, 45]);
  });

  it('of standing still or of nothing is nothing', () => {
    expect(
      thumbnailPath(
        encode([
          [1, 1],
          [1, 1],
        ]),
        50,
        5,
      ),
    ).toBe('');
    expect(thumbnailPath('', 50, 5)).toBe('');
  });
});
