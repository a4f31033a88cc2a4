/**
 * What the address of the map remembers: where it looks, the days shown, the colours, the song or
 * artist looked for and the run that stands out. Anything unreadable is ignored.
 */

import { mercator } from '#lib/map/geometry.ts';
import type { AtlasMode } from './painting.ts';
import { positionOf, type View } from './view.ts';

export const MODES = ['song', 'artist', 'pace'] as const satisfies readonly AtlasMode[];

export interface AtlasState {
  view: View | null;
  /** Days, "2026-03-01", the first and the last. */
  from: string | null;
  to: string | null;
  mode: AtlasMode;
  track: string | null;
  artist: string | null;
  run: string | null;
}

const LONGEST_WORD = 300;

export function readAtlas(query: Pick<URLSearchParams, 'get'>): AtlasState {
  const word = (name: string) => query.get(name)?.slice(0, LONGEST_WORD) || null;
  const day = (name: string) => {
    const text = query.get(name) ?? '';
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
  };
  return {
    view: readView(query),
    from: day('from'),
    to: day('to'),
    mode: MODES.find((mode) => mode === query.get('colour')) ?? 'song',
    track: word('song'),
    artist: word('artist'),
    run: word('run'),
  };
}

function readView(query: Pick<URLSearchParams, 'get'>): View | null {
  const [latitude, longitude, zoom] = ['lat', 'lon', 'zoom'].map((name) =>
    Number(query.get(name) || NaN),
  );
  if (!(Math.abs(latitude) < 85.06 && Math.abs(longitude) <= 180 && zoom >= 0 && zoom <= 22)) {
    return null;
  }
  const [x, y] = mercator([longitude, latitude]);
  return { x, y, zoom };
}

export function writeAtlas(state: AtlasState): URLSearchParams {
  const query = new URLSearchParams();
  const put = (name: string, value: string | null) => value !== null && query.set(name, value);
  if (state.view) {
    const [longitude, latitude] = positionOf(state.view);
    put('lat', latitude.toFixed(5));
    put('lon', longitude.toFixed(5));
    put('zoom', state.view.zoom.toFixed(2));
  }
  put('from', state.from);
  put('to', state.to);
  put('colour', state.mode === 'song' ? null : state.mode);
  put('song', state.track);
  put('artist', state.artist);
  put('run', state.run);
  return query;
}
