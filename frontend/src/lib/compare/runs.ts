/** A run as it is compared: what was measured, and its songs. */

import type { Activity, Soundtrack } from '#lib/api/types.ts';
import { assignHues } from '#lib/color/songs.ts';
import { shownSpans, type ShownSpan } from '#lib/run/soundtrack.ts';
import type { Streams } from '#lib/run/streams.ts';

export const LETTERS = ['A', 'B'] as const;
export type Letter = (typeof LETTERS)[number];

export interface ComparedRun {
  activity: Activity;
  streams: Streams;
  soundtrack: Soundtrack;
}

export type Pair = [ComparedRun, ComparedRun];

/** Spans of both, a song in one colour in both. */
export function spansOf(pair: Pair): [ShownSpan[], ShownSpan[]] {
  const spans = pair.map(({ soundtrack, streams }) => shownSpans(soundtrack, streams, null));
  const hues = assignHues(spans.flat().flatMap((span) => span.track_id ?? []));
  const [a, b] = spans.map((of) =>
    of.map((span) => ({
      ...span,
      hue: span.track_id === null ? null : (hues.get(span.track_id) ?? 0),
    })),
  );
  return [a, b];
}
