/**
 * A grid of round distances, so that a path says something even where no street map can be had.
 *
 * Squares of 50 m to 20 km (or of a mile and its parts), chosen to be about 100 px wide.
 */

import type { FeatureCollection, MultiLineString } from 'geojson';
import type { Bounds } from './geometry.ts';

const METRES_PER_DEGREE = 111_320;
const METRES_PER_PIXEL_AT_0 = 78_271.517;
const LEAST_PX = 80;
export const LEAST_GRID_ZOOM = 8;

const MILE_M = 1609.344;
const SIZES_M: Record<'km' | 'mi', number[]> = {
  km: [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000],
  mi: [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10].map((miles) => miles * MILE_M),
};

/** Side of a grid square in metres at this zoom, or null when zoomed out too far for one. */
export function gridSize_m(zoom: number, latitude: number, units: 'km' | 'mi'): number | null {
  if (zoom < LEAST_GRID_ZOOM) return null;
  const metresPerPixel = (METRES_PER_PIXEL_AT_0 * Math.cos((latitude * Math.PI) / 180)) / 2 ** zoom;
  return SIZES_M[units].find((size) => size / metresPerPixel >= LEAST_PX) ?? null;
}

/**
 * Grid lines over the view. Degrees per square are taken at `anchorLatitude`, once per run, so that
 * lines stand still while the map moves.
 */
export function gridLines(
  [[west, south], [east, north]]: Bounds,
  size_m: number,
  anchorLatitude: number,
): FeatureCollection<MultiLineString> {
  const stepY = size_m / METRES_PER_DEGREE;
  const stepX = stepY / Math.cos((anchorLatitude * Math.PI) / 180);
  const coordinates: [number, number][][] = [];
  for (let k = Math.ceil(west / stepX); k * stepX <= east && coordinates.length < 200; k++) {
    coordinates.push([
      [k * stepX, south],
      [k * stepX, north],
    ]);
  }
  for (let k = Math.ceil(south / stepY); k * stepY <= north && coordinates.length < 400; k++) {
    coordinates.push([
      [west, k * stepY],
      [east, k * stepY],
    ]);
  }
  return {
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates } },
    ],
  };
}
