/** How the path is drawn: casing, colour, hollow stretches and gaps, from the source `path`. */

import type { Map as MapLibre } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import { mix } from '#lib/color/oklch.ts';
import { silenceColor, type Theme } from '#lib/color/songs.ts';
import { LAND } from './basemap.ts';
import { FADED_SHARE } from './layers.ts';

export const PATH_SOURCE = 'path';

const CASING: Record<Theme, string> = { light: '#3b4048', dark: '#000000' };

const width = (px: number) =>
  ['interpolate', ['linear'], ['zoom'], 9, px * 0.5, 14, px, 18, px * 1.6] as never;
const isGap = ['==', ['get', 'isGap'], true] as never;
const isHollow = ['all', ['!', isGap], ['get', 'isHollow']] as never;
const isSolid = ['all', ['!', isGap], ['!', ['get', 'isHollow']]] as never;

/**
 * Fading mixes colours with the ground rather than making them transparent: round ends of
 * neighbouring pieces overlap, and would show as dots.
 */
export function addPathLayers(map: MapLibre, pieces: FeatureCollection, theme: Theme) {
  const fading = (color: string) =>
    ['case', ['get', 'isFaded'], mix(color, LAND[theme], FADED_SHARE), color] as never;
  map.addSource(PATH_SOURCE, { type: 'geojson', data: pieces, tolerance: 0.2 });
  const line = (id: string, filter: never, color: never, px: number) =>
    map.addLayer({
      id,
      type: 'line',
      source: PATH_SOURCE,
      filter,
      layout: {
        'line-cap': 'round',
        'line-join': 'round',
        'line-sort-key': ['case', ['get', 'isFaded'], 0, 1],
      },
      paint: { 'line-color': color, 'line-width': width(px) },
    });
  line('path-gap', isGap, silenceColor(theme) as never, 1.5);
  map.setPaintProperty('path-gap', 'line-dasharray', [2, 3]);
  line('path-casing', isSolid, fading(CASING[theme]), 7.5);
  line('path-hollow', isHollow, fading(silenceColor(theme)), 6);
  line('path-hollow-inside', isHollow, LAND[theme] as never, 3);
  line('path', isSolid, ['get', 'color'] as never, 5);
}
