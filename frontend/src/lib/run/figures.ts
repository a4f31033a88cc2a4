/**
 * Figures of a stretch of a run, from its streams: for a time window, for minutes of the table, and
 * for spans while the clock offset is being dragged (the server's own figures replace them on save).
 */

import { STANDING_MPS, type Streams } from './streams.ts';

export interface Figures {
  elapsed_s: number;
  moving_s: number;
  distance_m: number | null;
  speed_mps: number | null;
  grade_adjusted_speed_mps: number | null;
  heart_rate_bpm: number | null;
  cadence_spm: number | null;
  grade_pct: number | null;
}

/** Means over moving seconds of [start_s, end_s); heart rate is read `heart_rate_lag_s` later. */
export function figuresOf(
  { columns, length_s }: Streams,
  start_s: number,
  end_s: number,
  heart_rate_lag_s = 0,
): Figures {
  const from = Math.max(0, Math.round(start_s));
  const to = Math.min(length_s, Math.round(end_s));
  const speed = columns.speed_mps;
  const isMoving = (i: number) => !speed || !(speed[i] < STANDING_MPS);
  let moving_s = 0;
  for (let i = from; i < to; i++) if (isMoving(i) && (!speed || speed[i] === speed[i])) moving_s++;

  const mean = (values: Float64Array | undefined, shift_s = 0) => {
    if (!values) return null;
    let sum = 0;
    let count = 0;
    for (let i = from; i < to; i++) {
      const value = values[i + shift_s];
      if (value === undefined || Number.isNaN(value) || !isMoving(i)) continue;
      sum += value;
      count++;
    }
    return count ? sum / count : null;
  };

  return {
    elapsed_s: Math.max(0, to - from),
    moving_s,
    distance_m: distanceCovered(columns.distance_m, from, to),
    speed_mps: speedWhileMoving(columns.distance_m, speed, from, to) ?? mean(speed),
    grade_adjusted_speed_mps: mean(columns.grade_adjusted_speed_mps),
    heart_rate_bpm: mean(columns.heart_rate_bpm, Math.round(heart_rate_lag_s)),
    cadence_spm: mean(columns.cadence_spm),
    grade_pct: mean(columns.grade_pct),
  };
}

/** Ground covered while moving over the time it took, as the server counts; null without distance. */
function speedWhileMoving(
  distance: Float64Array | undefined,
  speed: Float64Array | undefined,
  from: number,
  to: number,
): number | null {
  if (!distance) return null;
  let covered_m = 0;
  let moving_s = 0;
  for (let i = from; i < Math.min(to, distance.length - 1); i++) {
    const step_m = distance[i + 1] - distance[i];
    if (Number.isNaN(step_m) || (speed && !(speed[i] >= STANDING_MPS))) continue;
    covered_m += step_m;
    moving_s++;
  }
  return moving_s ? covered_m / moving_s : null;
}

function distanceCovered(distance: Float64Array | undefined, from: number, to: number) {
  if (!distance) return null;
  let first = NaN;
  let last = NaN;
  for (let i = from; i <= Math.min(to, distance.length - 1); i++) {
    if (Number.isNaN(distance[i])) continue;
    if (Number.isNaN(first)) first = distance[i];
    last = distance[i];
  }
  return Number.isNaN(first) ? null : last - first;
}

export interface MinuteRow extends Figures {
  start_s: number;
  altitude_m: number | null;
  /** Index of the span playing when the minute begins. */
  span: number;
}

/** One row a minute: what the charts draw, as a table. */
export function minuteRows(streams: Streams, spans: { start_s: number; end_s: number }[]) {
  const rows: MinuteRow[] = [];
  let span = 0;
  for (let start_s = 0; start_s < streams.length_s; start_s += 60) {
    while (span < spans.length - 1 && spans[span].end_s <= start_s) span++;
    const altitude_m = streams.columns.altitude_m?.[start_s];
    rows.push({
      ...figuresOf(streams, start_s, start_s + 60),
      start_s,
      altitude_m: altitude_m === undefined || Number.isNaN(altitude_m) ? null : altitude_m,
      span,
    });
  }
  return rows;
}
