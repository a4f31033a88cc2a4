/**
 * The one state that map, charts and song list share.
 *
 * Whoever is moved over writes `cursor_s`; everybody draws from it. Colour mode, selected song and
 * time window also live in the page's address (see address.ts).
 */

import type { ColourMode, View } from './address.ts';

export class RunCursor {
  /** Second under the pointer or keyboard cursor; null while nothing is pointed at. */
  cursor_s: number | null = $state(null);
  mode: ColourMode = $state('song');
  /** Number of the selected song, from 1. */
  song: number | null = $state(null);
  /** Zoomed stretch in seconds; null shows the whole run. */
  window: [number, number] | null = $state.raw(null);
  /** Clock offset while it is being dragged; null when the saved one is shown. */
  offsetPreview_s: number | null = $state(null);

  readonly length_s: number;

  constructor(view: View, length_s: number) {
    this.length_s = length_s;
    this.mode = view.mode;
    this.song = view.song;
    this.zoom(view.window);
  }

  get view(): View {
    return { mode: this.mode, song: this.song, window: this.window };
  }

  point(second: number | null) {
    this.cursor_s =
      second === null ? null : Math.min(this.length_s - 1, Math.max(0, Math.round(second)));
  }

  /** Moves the cursor, from the start of what is shown when there is none. */
  step(by_s: number) {
    const [from, to] = this.window ?? [0, this.length_s - 1];
    const next = this.cursor_s === null ? from : this.cursor_s + by_s;
    this.point(Math.min(to, Math.max(from, next)));
  }

  zoom(window: [number, number] | null) {
    const from = window ? Math.max(0, window[0]) : 0;
    const to = window ? Math.min(this.length_s, window[1]) : 0;
    this.window = to - from >= 5 ? [from, to] : null;
  }

  /** Selects a song and zooms to it; the selected one again lets go. */
  select(span: { number: number | null; start_s: number; end_s: number } | null) {
    if (!span || span.number === null || span.number === this.song) {
      this.song = null;
      this.zoom(null);
      return;
    }
    this.song = span.number;
    this.zoom([span.start_s, span.end_s]);
    this.point(span.start_s);
  }
}
