/** How the path is drawn: casing, colour, hollow stretches and gaps, from the source `path`. */

import type { Map as MapLibre } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import { silenceColor, type Theme } from '#lib/color/songs.ts';

export const PATH_SOURCE = 'path';

const CASING: Record<Theme, string> = { light: '#3b4048', dark: '#000000' };
const HOLLOW_INSIDE: Record<Theme, string> = { light: '#fbfaf8', dark: '#1b1e22' };
const FADED = 0.3;

const width = (px: number) =>
  ['interpolate', ['linear'], ['zoom'], 9, px * 0.5, 14, px, 18, px * 1.6] as never;
const isGap = ['==', ['get', 'isGap'], true] as never;
const isHollow = ['all', ['!', isGap], ['get', 'isHollow']] as never;
const isSolid = ['all', ['!', isGap], ['!', ['get', 'isHollow']]] as never;

export function addPathLayers(map: MapLibre, pieces: FeatureCollection, theme: Theme) {
  map.addSource(PATH_SOURCE, { type: 'geojson', data: pieces, tolerance: 0.2 });
  const line = (id: string, filter: never, color: unknown, px: number, dash?: number[]) =>
    map.addLayer({
      id,
      type: 'line',
      source: PATH_SOURCE,
      filter,
      // Butt ends: round ones would overlap and show as dots where the path is faded.
      layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: {
        'line-color': color as never,
        'line-width': width(px),
        ...(dash && { 'line-dasharray': dash }),
      },
    });
  line('path-gap', isGap, silenceColor(theme), 1.5, [2, 2]);
  line('path-casing', isSolid, CASING[theme], 7.5);
  line('path-hollow', isHollow, silenceColor(theme), 6);
  line('path-hollow-inside', isHollow, HOLLOW_INSIDE[theme], 3);
  line('path', isSolid, ['get', 'color'], 5);
}

/** Fades everything but one span; null brings all back. */
export function emphasise(map: MapLibre, span: number | null) {
  const opacity = span === null ? 1 : (['case', ['==', ['get', 'span'], span], 1, FADED] as never);
  for (const id of ['path-casing', 'path-hollow', 'path']) {
    map.setPaintProperty(id, 'line-opacity', opacity);
  }
}
