/** Circles on the ground, as lines of a map. */

import type { Feature, FeatureCollection } from 'geojson';
import type { PrivacyZone } from '#lib/api/types.ts';
import type { Bounds, Position } from '#lib/map/geometry.ts';

export type Circle = Pick<PrivacyZone, 'latitude' | 'longitude' | 'radius_m'>;

const M_PER_DEGREE = 111_195;
const CORNERS = 72;

/** The place so many metres north and east of another. */
export function moved([longitude, latitude]: Position, north_m: number, east_m: number): Position {
  const squeeze = Math.max(Math.cos((latitude * Math.PI) / 180), 1e-6);
  const north = Math.min(90, Math.max(-90, latitude + north_m / M_PER_DEGREE));
  const east = longitude + east_m / M_PER_DEGREE / squeeze;
  return [((east + 540) % 360) - 180, north];
}

export const placeOf = (circle: Omit<Circle, 'radius_m'>): Position => [
  circle.longitude,
  circle.latitude,
];

export function circles(zones: Circle[]): FeatureCollection {
  return { type: 'FeatureCollection', features: zones.map(circle) };
}

function circle(zone: Circle): Feature {
  const ring = Array.from({ length: CORNERS + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / CORNERS;
    return moved(placeOf(zone), zone.radius_m * Math.cos(turn), zone.radius_m * Math.sin(turn));
  });
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } };
}

/** So that all of them are seen, with some streets around. */
export function boundsOfZones(zones: Circle[]): Bounds {
  const corners = zones.flatMap((zone) =>
    [-1, 1].map((side) => moved(placeOf(zone), 2 * side * zone.radius_m, 2 * side * zone.radius_m)),
  );
  const [longitudes, latitudes] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return [
    [Math.min(...longitudes), Math.min(...latitudes)],
    [Math.max(...longitudes), Math.max(...latitudes)],
  ];
}
