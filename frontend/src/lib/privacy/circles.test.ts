import { describe, expect, it } from 'vitest';
import { boundsOfZones, circles, moved, type Circle } from './circles.ts';

const zone: Circle = { latitude: 60, longitude: 10, radius_m: 200 };

describe('circles', () => {
  it('are as wide on the ground as they are high', () => {
    const [shape] = circles([zone]).features;
    const ring = shape.geometry.type === 'Polygon' ? shape.geometry.coordinates[0] : [];
    const height = Math.max(...ring.map(([, y]) => y)) - Math.min(...ring.map(([, y]) => y));
    const width = Math.max(...ring.map(([x]) => x)) - Math.min(...ring.map(([x]) => x));
    expect(height * 111_195).toBeCloseTo(400, 0);
    expect(width / height).toBeCloseTo(2, 1);
    expect(ring[0]).toEqual(ring.at(-1));
  });

  it('are within their bounds', () => {
    const [[west, south], [east, north]] = boundsOfZones([zone]);
    expect([west < 10, east > 10, south < 60, north > 60]).toEqual([true, true, true, true]);
  });

  it('are moved over the date line and not over a pole', () => {
    expect(moved([179.9999, 0], 0, 100)[0]).toBeLessThan(-179);
    expect(moved([0, 89.9999], 1000, 0)[1]).toBe(90);
  });
});
