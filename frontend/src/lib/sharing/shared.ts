/** A run as others see it, in the shape that map, charts and song list take. */

import type { SharedRun, Soundtrack } from '#lib/api/types.ts';

/** Songs are told apart by their numbers alone; what nobody else is told is null. */
export function soundtrackOf(shared: Pick<SharedRun, 'songs' | 'spans'>): Soundtrack {
  const tempi = new Map(shared.songs.map((song) => [song.id, song.tempo_bpm]));
  return {
    activity_id: '',
    computed_at: '',
    clock_offset_s: 0,
    confidence: 'good',
    confidence_reason: 'exact_times',
    confidence_figures: {},
    listens: [],
    tracks: shared.songs.map((song) => ({ ...song, album: null, kind: 'music' })),
    spans: shared.spans.map(({ song_id, ...span }, ordinal) => ({
      ...span,
      ordinal,
      track_id: song_id,
      elapsed_s: span.end_s - span.start_s,
      grade_adjusted_speed_mps: null,
      heart_rate_lag_s: 0,
      grade_pct: null,
      tempo_bpm: song_id === null ? null : (tempi.get(song_id) ?? null),
      in_step_pct: null,
    })),
  };
}
