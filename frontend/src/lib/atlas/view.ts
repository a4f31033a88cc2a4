/** Where the map looks: a middle in its own plane (Web Mercator, 0 to 1) and a zoom. */

import { WORLD_PX, type Position } from '#lib/map/geometry.ts';

export interface View {
  x: number;
  y: number;
  zoom: number;
}

/** In the map's plane: west, north, east, south. */
export type Box = [number, number, number, number];

export const LEAST_ZOOM = 1;
export const MOST_ZOOM = 18;
const PADDING_PX = 32;
/** Side of the squares in which runs are counted: some 20 km at middle latitudes. */
const PLACE = 1 / 1024;

/** Pixels to the width of the world. */
export const scaleAt = (zoom: number): number => WORLD_PX * 2 ** zoom;

export const limited = ({ x, y, zoom }: View): View => ({
  x: Math.min(1, Math.max(0, x)),
  y: Math.min(1, Math.max(0, y)),
  zoom: Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom)),
});

/** The view after a drag by so many pixels. */
export const dragged = (view: View, right_px: number, down_px: number): View =>
  limited({
    ...view,
    x: view.x - right_px / scaleAt(view.zoom),
    y: view.y - down_px / scaleAt(view.zoom),
  });

/** Zoomed by `by` around a place that lies so many pixels from the middle. */
export function zoomed(view: View, by: number, right_px = 0, down_px = 0): View {
  const { zoom } = limited({ ...view, zoom: view.zoom + by });
  const grown = 1 / scaleAt(view.zoom) - 1 / scaleAt(zoom);
  return limited({ x: view.x + right_px * grown, y: view.y + down_px * grown, zoom });
}

export function fitted([west, north, east, south]: Box, width_px: number, height_px: number): View {
  const room = (size: number) => Math.max(64, size - 2 * PADDING_PX);
  const scale = Math.min(
    room(width_px) / Math.max(1e-6, east - west),
    room(height_px) / Math.max(1e-6, south - north),
  );
  return limited({
    x: (west + east) / 2,
    y: (north + south) / 2,
    zoom: Math.log2(scale / WORLD_PX),
  });
}

/** Around all of the boxes (four numbers each), or null without any. */
export function boxOf(boxes: Iterable<Box>): Box | null {
  const all: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [west, north, east, south] of boxes) {
    all[0] = Math.min(all[0], west);
    all[1] = Math.min(all[1], north);
    all[2] = Math.max(all[2], east);
    all[3] = Math.max(all[3], south);
  }
  return all[0] > all[2] ? null : all;
}

/** Around the runs of the place with the most of them. A run's place is where its middle lies. */
export function mostRunPlace(boxes: Box[]): Box | null {
  const places = new Map<string, Box[]>();
  for (const box of boxes) {
    const [column, row] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2].map((at) =>
      Math.floor(at / PLACE),
    );
    const name = `${column} ${row}`;
    const there = places.get(name);
    if (there) there.push(box);
    else places.set(name, [box]);
  }
  const most = [...places.values()].sort((a, b) => b.length - a.length)[0];
  return most ? boxOf(most) : null;
}

export const positionOf = ({ x, y }: Pick<View, 'x' | 'y'>): Position => [
  x * 360 - 180,
  (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI,
];
