import { describe, expect, it } from 'vitest';
import { gridLines, gridSize_m } from './grid.ts';

describe('gridSize_m', () => {
  it('is a round size about 100 px wide', () => {
    expect(gridSize_m(15, 52, 'km')).toBe(200);
    expect(gridSize_m(13, 52, 'km')).toBe(500);
    expect(gridSize_m(15, 52, 'mi')).toBeCloseTo(0.1 * 1609.344);
  });

  it('is none when zoomed out', () => {
    expect(gridSize_m(5, 52, 'km')).toBeNull();
  });
});

describe('gridLines', () => {
  it('stand still while the view moves', () => {
    const lines = (west: number) =>
      gridLines(
        [
          [west, 52],
          [west + 0.05, 52.02],
        ],
        500,
        52,
      ).features[0].geometry.coordinates.map(([start]) => start[0]);
    const shared = lines(13.02).filter((x) => x > 13.03 && x < 13.05);
    expect(shared.length).toBeGreaterThan(1);
    expect(lines(13.0)).toEqual(expect.arrayContaining(shared));
  });
});
