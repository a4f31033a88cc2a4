/** Geometry of a path on the map: where it is, which way it goes, which second is nearest. */

import type { Streams } from '#lib/run/streams.ts';

export type Position = [longitude: number, latitude: number];
export type Bounds = [southWest: Position, northEast: Position];

const EARTH_M_PER_DEGREE = 111_320;
/** Size of the world in pixels at zoom 0, as MapLibre counts. */
export const WORLD_PX = 512;

export function positionAt({ columns }: Streams, second: number): Position | null {
  const longitude = columns.longitude?.[second] ?? NaN;
  const latitude = columns.latitude?.[second] ?? NaN;
  return Number.isNaN(longitude) || Number.isNaN(latitude) ? null : [longitude, latitude];
}

/** The position at a second or, in a gap, at the nearest second that has one. */
export function nearestPosition(streams: Streams, second: number): Position | null {
  for (let away = 0; away < streams.length_s; away++) {
    const found = positionAt(streams, second - away) ?? positionAt(streams, second + away);
    if (found) return found;
  }
  return null;
}

/** Bounds of the path between two seconds, or null when it has no position there. */
export function boundsOf(streams: Streams, from_s = 0, to_s = streams.length_s): Bounds | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = Math.max(0, Math.floor(from_s)); i < Math.min(to_s, streams.length_s); i++) {
    const at = positionAt(streams, i);
    if (!at) continue;
    west = Math.min(west, at[0]);
    east = Math.max(east, at[0]);
    south = Math.min(south, at[1]);
    north = Math.max(north, at[1]);
  }
  return west > east
    ? null
    : [
        [west, south],
        [east, north],
      ];
}

/** Direction of travel at a second in degrees clockwise from north, or null while standing. */
export function bearingAt(streams: Streams, second: number, reach_s = 4): number | null {
  const from = positionAt(streams, Math.max(0, second - reach_s)) ?? positionAt(streams, second);
  const to =
    positionAt(streams, Math.min(streams.length_s - 1, second + reach_s)) ??
    positionAt(streams, second);
  if (!from || !to) return null;
  const north = to[1] - from[1];
  const east = (to[0] - from[0]) * Math.cos((from[1] * Math.PI) / 180);
  if (Math.hypot(north, east) * EARTH_M_PER_DEGREE < 1) return null;
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
}

/** Positions in the map's own plane (Web Mercator, 0..1), for finding the nearest one quickly. */
export interface PathIndex {
  seconds: Int32Array;
  x: Float64Array;
  y: Float64Array;
}

export function mercator([longitude, latitude]: Position): [number, number] {
  const phi = (latitude * Math.PI) / 180;
  return [(longitude + 180) / 360, 0.5 - Math.log(Math.tan(Math.PI / 4 + phi / 2)) / (2 * Math.PI)];
}

export function indexPath(streams: Streams): PathIndex {
  const seconds: number[] = [];
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < streams.length_s; i++) {
    const at = positionAt(streams, i);
    if (!at) continue;
    const [px, py] = mercator(at);
    seconds.push(i);
    x.push(px);
    y.push(py);
  }
  return { seconds: Int32Array.from(seconds), x: Float64Array.from(x), y: Float64Array.from(y) };
}

/**
 * The second whose position is nearest to a point of the map, or null when none is within
 * `reach_px`. Where the path runs over itself (laps, out and back), seconds that lie within 4 px of
 * the nearest compete by closeness to `cursor_s`, so that the cursor follows one lap.
 */
export function nearestSecond(
  index: PathIndex,
  point: Position,
  zoom: number,
  reach_px: number,
  cursor_s: number | null,
): number | null {
  const [x, y] = mercator(point);
  const scale_px = WORLD_PX * 2 ** zoom;
  const distance_px = (i: number) => Math.hypot(index.x[i] - x, index.y[i] - y) * scale_px;
  let nearest = -1;
  let least_px = reach_px;
  for (let i = 0; i < index.seconds.length; i++) {
    const away_px = distance_px(i);
    if (away_px > least_px) continue;
    nearest = i;
    least_px = away_px;
  }
  if (nearest < 0) return null;
  if (cursor_s === null) return index.seconds[nearest];
  let best = index.seconds[nearest];
  for (let i = 0; i < index.seconds.length; i++) {
    const second = index.seconds[i];
    if (Math.abs(second - cursor_s) < Math.abs(best - cursor_s) && distance_px(i) <= least_px + 4) {
      best = second;
    }
  }
  return best;
}

export interface DistanceMark {
  /** Whole kilometres or miles. */
  count: number;
  second: number;
  position: Position;
}

/** Where each whole `unit_m` (1000 or a mile) is passed. */
export function distanceMarks(streams: Streams, unit_m: number): DistanceMark[] {
  const distance = streams.columns.distance_m;
  const marks: DistanceMark[] = [];
  if (!distance) return marks;
  for (let second = 0; second < streams.length_s; second++) {
    const count = marks.length + 1;
    if (!(distance[second] >= count * unit_m)) continue;
    const position = nearestPosition(streams, second);
    if (position) marks.push({ count, second, position });
  }
  return marks;
}

/** Which of the labels at these pixels can be shown without touching an earlier one. */
export function withoutOverlap(pixels: { x: number; y: number }[], size_px: number): boolean[] {
  const shown: { x: number; y: number }[] = [];
  return pixels.map((pixel) => {
    const isFree = shown.every(
      (other) => Math.abs(other.x - pixel.x) >= size_px || Math.abs(other.y - pixel.y) >= size_px,
    );
    if (isFree) shown.push(pixel);
    return isFree;
  });
}
