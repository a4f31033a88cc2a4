import { describe, expect, it } from 'vitest';
import type { Soundtrack, Span } from '#lib/api/types.ts';
import { shownSpans, spanIndexAt } from './soundtrack.ts';
import type { Streams } from './streams.ts';

const streams: Streams = { length_s: 300, columns: { speed_mps: new Float64Array(300).fill(3) } };
const track = (id: string) => ({
  id,
  title: id,
  artist: 'Artist',
  album: null,
  kind: 'music' as const,
  tempo_bpm: 170,
});
const span = (ordinal: number, track_id: string | null, start_s: number, end_s: number) =>
  ({
    ordinal,
    track_id,
    start_s,
    end_s,
    start_uncertainty_s: 1,
    heart_rate_lag_s: 20,
    in_step_pct: 80,
    tempo_bpm: null,
    speed_mps: 2.5,
  }) as Span;
const soundtrack: Soundtrack = {
  activity_id: 'x',
  computed_at: null,
  clock_offset_s: 0,
  confidence: 'good',
  confidence_reason: 'exact_times',
  confidence_figures: {},
  spans: [span(0, null, 0, 50), span(1, 'a', 50, 200), span(2, 'b', 200, 300)],
  tracks: [track('a'), track('b')],
  listens: [
    { track_id: 'a', started_s: 50, ended_s: 200, uncertainty_s: 1 },
    { track_id: 'b', started_s: 200, ended_s: 400, uncertainty_s: 1 },
  ],
};

describe('shownSpans', () => {
  it('numbers songs and leaves silence without number and colour', () => {
    const shown = shownSpans(soundtrack, streams, null);
    expect(shown.map((s) => s.number)).toEqual([null, 1, 2]);
    expect(shown[0].hue).toBeNull();
    expect(shown[1].speed_mps).toBe(2.5);
    expect(shown[1].in_step_pct).toBe(80);
  });

  it('realigns while the offset is dragged, with figures from the streams and the same colours', () => {
    const saved = shownSpans(soundtrack, streams, null);
    const dragged = shownSpans(soundtrack, streams, 30);
    expect(dragged.map((s) => [s.track_id, s.start_s, s.end_s])).toEqual([
      [null, 0, 80],
      ['a', 80, 230],
      ['b', 230, 300],
    ]);
    expect(dragged[1].speed_mps).toBe(3);
    expect(dragged[1].heart_rate_lag_s).toBe(20);
    expect(dragged.map((s) => s.hue)).toEqual(saved.map((s) => s.hue));
  });

  it('shows the saved spans when dragged back', () => {
    expect(shownSpans(soundtrack, streams, 0)[1].in_step_pct).toBe(80);
  });
});

describe('spanIndexAt', () => {
  it('finds the span of every second', () => {
    const at = (second: number) => spanIndexAt(soundtrack.spans, second);
    expect([0, 49, 50, 199, 200, 299, 300, -1].map(at)).toEqual([0, 0, 1, 1, 2, 2, -1, -1]);
    expect(spanIndexAt([], 5)).toBe(-1);
  });
});
