/**
 * What the page's address remembers: colour mode, selected song and time window.
 *
 * `?colour=pace&song=7&from=600&to=900`. Anything unreadable is ignored, so an old or hand-made link
 * never breaks the page, and parameters of others are kept.
 */

export const COLOUR_MODES = ['song', 'pace', 'heart_rate', 'cadence', 'grade'] as const;
export type ColourMode = (typeof COLOUR_MODES)[number];

export interface View {
  mode: ColourMode;
  /** Number of the selected song as shown on map and list, from 1. */
  song: number | null;
  /** Seconds since the start; null shows the whole run. */
  window: [number, number] | null;
}

export function readView(query: Pick<URLSearchParams, 'get'>): View {
  const mode = COLOUR_MODES.find((mode) => mode === query.get('colour')) ?? 'song';
  const song = wholeNumber(query.get('song'));
  const from = wholeNumber(query.get('from'));
  const to = wholeNumber(query.get('to'));
  return {
    mode,
    song: song !== null && song >= 1 ? song : null,
    window: from !== null && to !== null && from < to ? [from, to] : null,
  };
}

export function writeView(view: View, query: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(query);
  put(next, 'colour', view.mode === 'song' ? null : view.mode);
  put(next, 'song', view.song);
  put(next, 'from', view.window && Math.round(view.window[0]));
  put(next, 'to', view.window && Math.round(view.window[1]));
  return next;
}

function put(query: URLSearchParams, name: string, value: string | number | null) {
  if (value === null) query.delete(name);
  else query.set(name, String(value));
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}
