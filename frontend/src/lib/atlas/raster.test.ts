import { describe, expect, it } from 'vitest';
import { compose, drawLine, makePlanes, ownerNear, pixelOf } from './raster.ts';

describe('drawLine', () => {
  it('covers pixels by how far the line reaches into them', () => {
    const planes = makePlanes(6, 4);
    drawLine(planes, 0, 1.75, 6, 1.75, 0.5, 1, 7);
    const column = [0, 1, 2, 3].map((row) => planes.cover[row * 6 + 3]);
    expect(column).toEqual([0, 191, 63, 0]);
    expect(planes.owner[6 + 3]).toBe(7);
  });

  it('leaves a pixel to the line that covers more of it, of equals to the later one', () => {
    const planes = makePlanes(6, 3);
    drawLine(planes, 0, 1.5, 6, 1.5, 0.5, 1, 1);
    drawLine(planes, 0, 1.9, 6, 1.9, 0.5, 2, 2);
    expect(planes.owner[6 + 2]).toBe(1);
    drawLine(planes, 0, 1.5, 6, 1.5, 0.5, 3, 3);
    expect(planes.owner[6 + 2]).toBe(3);
    drawLine(planes, 0, 1.7, 6, 1.7, 0.5, 4, 4, true);
    expect(planes.owner[6 + 2]).toBe(4);
  });

  it('is cut off at the edges, steep or flat, and one point is a dot', () => {
    const planes = makePlanes(4, 4);
    drawLine(planes, -1e6, 2.5, 1e6, 2.5, 0.5, 1, 1);
    drawLine(planes, 2.5, -1e6, 2.5, 1e6, 0.5, 1, 2);
    drawLine(planes, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 3);
    drawLine(planes, 90, 90, 99, 99, 2, 1, 4);
    expect([...planes.owner]).toEqual([3, 0, 2, 0, 0, 0, 2, 0, 1, 1, 2, 1, 0, 0, 2, 0]);
  });
});

describe('compose', () => {
  it('gives each covered pixel its colour, as strong as it is covered', () => {
    const planes = makePlanes(2, 1);
    drawLine(planes, 0, 0.5, 0.9, 0.5, 0.5, 1, 1);
    const pixels = compose(planes, Uint32Array.of(0, pixelOf('#0a141e')));
    expect([...pixels]).toEqual([10, 20, 30, 255, 0, 0, 0, 0]);
  });
});

describe('ownerNear', () => {
  it('finds the nearest run within reach', () => {
    const planes = makePlanes(20, 20);
    planes.owner[5 * 20 + 5] = 1;
    planes.owner[5 * 20 + 12] = 2;
    expect(ownerNear(planes, 9, 5, 4)).toBe(2);
    expect(ownerNear(planes, 7, 5, 4)).toBe(1);
    expect(ownerNear(planes, 9, 15, 4)).toBe(0);
  });
});
