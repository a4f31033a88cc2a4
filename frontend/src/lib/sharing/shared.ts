/** A run as others see it: its words, and the shape that map, charts and song list take. */

import type { SharedRun, Soundtrack, Units } from '#lib/api/types.ts';
import { formatWhole } from '#lib/format/count.ts';
import { formatCalendarDay, formatTimeOfDay } from '#lib/format/date.ts';
import { formatDistance } from '#lib/format/distance.ts';
import { formatDuration } from '#lib/format/duration.ts';
import { formatPace } from '#lib/format/pace.ts';
import { t } from '#lib/i18n/index.ts';

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

/** Its day, and the time of day where that is shared. */
export function whenOf(shared: SharedRun): string {
  const day = formatCalendarDay(shared.day);
  if (shared.started_at === null) return day;
  return t.run.at(day, formatTimeOfDay(shared.started_at, shared.utc_offset_s, 'UTC'));
}

/** What is known of it, by name. */
export function figuresOf(shared: SharedRun, units: Units): [string, string][] {
  const all: [string, string][] = [
    [t.run.totals.distance, formatDistance(shared.distance_m, units)],
    [t.run.totals.moving, formatDuration(shared.moving_s)],
    [t.run.totals.pace, formatPace(shared.mean_speed_mps, units)],
    [t.run.totals.heartRate, formatWhole(shared.mean_heart_rate_bpm, t.units.heartRate)],
    [t.run.totals.cadence, formatWhole(shared.mean_cadence_spm, t.units.cadence)],
  ];
  return all.filter(([, figure]) => figure !== t.units.unknown);
}
