/**
 * The soundtrack as the page shows it: numbered, coloured spans with figures, either as the server
 * computed them or, while the clock offset is being dragged, realigned in the page.
 */

import type { Soundtrack, Span, Track } from '#lib/api/types.ts';
import { assignHues } from '#lib/color/songs.ts';
import { figuresOf } from './figures.ts';
import { realign } from './realign.ts';
import type { Streams } from './streams.ts';

export interface ShownSpan extends Span {
  index: number;
  /** 1, 2, 3 … over songs in the order played; null for silence. */
  number: number | null;
  track: Track | null;
  hue: number | null;
}

/**
 * Hue of every song near the run. Taken from the listens, not the spans, so that colours stay put
 * while the offset is dragged.
 */
export function huesOf({ listens, spans }: Pick<Soundtrack, 'listens' | 'spans'>) {
  const played = [...listens].sort((a, b) => a.started_s - b.started_s).map((l) => l.track_id);
  return assignHues([...played, ...spans.flatMap((span) => span.track_id ?? [])]);
}

/** Spans as computed by the server, or realigned when `preview_s` differs from its offset. */
export function shownSpans(
  soundtrack: Soundtrack,
  streams: Streams,
  preview_s: number | null,
): ShownSpan[] {
  const tracks = new Map(soundtrack.tracks.map((track) => [track.id, track]));
  const hues = huesOf(soundtrack);
  const isPreview = preview_s !== null && preview_s !== soundtrack.clock_offset_s;
  let number = 0;
  return (isPreview ? previewSpans(soundtrack, streams, preview_s) : soundtrack.spans).map(
    (span, index) => ({
      ...span,
      index,
      number: span.track_id === null ? null : ++number,
      track: span.track_id === null ? null : (tracks.get(span.track_id) ?? null),
      hue: span.track_id === null ? null : (hues.get(span.track_id) ?? 0),
    }),
  );
}

function previewSpans({ listens, spans }: Soundtrack, streams: Streams, offset_s: number): Span[] {
  const heart_rate_lag_s = spans[0]?.heart_rate_lag_s ?? 0;
  return realign(listens, offset_s, streams.length_s).map((span, ordinal) => ({
    ...span,
    ...figuresOf(streams, span.start_s, span.end_s, heart_rate_lag_s),
    ordinal,
    heart_rate_lag_s,
    tempo_bpm: null,
    in_step_pct: null,
  }));
}

/** Index of the span that holds a second; spans are in order and tile the run. */
export function spanIndexAt(spans: { start_s: number; end_s: number }[], second: number): number {
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].end_s <= second) low = middle + 1;
    else high = middle;
  }
  return spans.length && second >= 0 && second < spans[low].end_s ? low : -1;
}
