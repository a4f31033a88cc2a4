/**
 * The basemap that needs no network: Natural Earth's coasts and borders (public domain), drawn quietly.
 *
 * They are accurate to kilometres only, so they fade out towards street level, where the grid takes
 * over. The data is loaded when somebody first zooms out that far.
 */

import type { StyleSpecification } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import type { Topology } from 'topojson-specification';
import { feature, mesh } from 'topojson-client';
import worldUrl from 'world-atlas/countries-50m.json?url';
import type { Theme } from '#lib/color/songs.ts';

/** From here down the coast lines are worth showing. */
export const WORLD_ZOOM = 10;

/** The ground that a path lies on at street level. */
export const LAND: Record<Theme, string> = { light: '#f4f3f0', dark: '#1b1e22' };

const COLORS: Record<Theme, Record<'water' | 'land' | 'border' | 'grid', string>> = {
  light: { water: '#dde5ea', land: LAND.light, border: '#c3c4c4', grid: '#dedcd6' },
  dark: { water: '#10151b', land: LAND.dark, border: '#3a3f45', grid: '#2a2e33' },
};

const nothing = (): FeatureCollection => ({ type: 'FeatureCollection', features: [] });

/** No glyphs, no sprites, no tiles: sources `world` and `grid` are filled by the page. */
export function offlineStyle(theme: Theme): StyleSpecification {
  const color = COLORS[theme];
  return {
    version: 8,
    sources: {
      world: { type: 'geojson', data: nothing(), attribution: 'Natural Earth' },
      grid: { type: 'geojson', data: nothing() },
    },
    layers: [
      {
        id: 'water',
        type: 'background',
        paint: {
          'background-color': [
            'interpolate',
            ['linear'],
            ['zoom'],
            WORLD_ZOOM - 2,
            color.water,
            WORLD_ZOOM,
            color.land,
          ],
        },
      },
      {
        id: 'land',
        type: 'fill',
        source: 'world',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': color.land },
      },
      {
        id: 'borders',
        type: 'line',
        source: 'world',
        filter: ['==', ['geometry-type'], 'LineString'],
        paint: {
          'line-color': color.border,
          'line-width': 0.8,
          'line-opacity': ['interpolate', ['linear'], ['zoom'], WORLD_ZOOM - 2, 1, WORLD_ZOOM, 0],
        },
      },
      {
        id: 'grid',
        type: 'line',
        source: 'grid',
        paint: { 'line-color': color.grid, 'line-width': 1 },
      },
    ],
  };
}

/** Land and borders from TopoJSON as one collection. */
export function worldFeatures(world: Topology): FeatureCollection {
  const { land, countries } = world.objects;
  const polygons = feature(world, land);
  return {
    type: 'FeatureCollection',
    features: [
      ...(polygons.type === 'FeatureCollection' ? polygons.features : [polygons]),
      { type: 'Feature', properties: {}, geometry: mesh(world, countries as never) },
    ],
  };
}

export async function loadWorld(): Promise<FeatureCollection> {
  const response = await fetch(worldUrl);
  return worldFeatures((await response.json()) as Topology);
}
