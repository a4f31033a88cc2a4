import { describe, expect, it } from 'vitest';
import { scaleAt, type View } from './view.ts';
import { runAt, wishFor, type Screen, type Shown } from './wish.ts';

const VIEW: View = { x: 0.5, y: 0.25, zoom: 12 };
const SCREEN: Screen = { width_px: 200, height_px: 100, ratio: 2 };
const SHOWN: Shown = {
  days: [-Infinity, Infinity],
  mode: 'song',
  pace: null,
  theme: 'light',
  track: null,
  artist: null,
  run: null,
};

describe('wishFor', () => {
  it('paints a quarter beyond what is seen on each side, in device pixels', () => {
    const wish = wishFor(VIEW, SCREEN, SHOWN);
    expect([wish.width, wish.height]).toEqual([600, 300]);
    expect(wish.seen).toEqual([100, 50, 500, 250]);
    expect((VIEW.x - wish.left) * wish.scale).toBeCloseTo(300);
    expect((VIEW.y - wish.top) * wish.scale).toBeCloseTo(150);
  });
});

describe('runAt', () => {
  const wish = wishFor(VIEW, SCREEN, SHOWN);
  const owner = new Int32Array(wish.width * wish.height);
  // In the middle of the screen.
  owner[150 * wish.width + 300] = 8;

  const find = (at: [number, number], view: View) => runAt(at, view, SCREEN, wish, { owner }, 3);

  it('finds the run near a place', () => {
    expect(find([100, 50], VIEW)).toBe(7);
    expect(find([102, 50], VIEW)).toBe(7);
    expect(find([110, 50], VIEW)).toBeNull();
  });

  it('finds it where it is after the map was moved and zoomed', () => {
    const moved = { ...VIEW, x: VIEW.x - 40 / scaleAt(VIEW.zoom) };
    expect(find([140, 50], moved)).toBe(7);
    const nearer = { ...moved, zoom: 13 };
    expect(find([180, 50], nearer)).toBe(7);
    expect(find([140, 50], nearer)).toBeNull();
  });
});
