/**
 * The measured columns of a run on a 1 Hz grid: index i is second i since the start, NaN is a gap.
 *
 * The server sends them as scaled deltas (`value[i] = scale * sum of non-null deltas[0..i]`, null is
 * a gap), which is small on the wire and exact to decode.
 */

import type { EncodedStreams } from '#lib/api/types.ts';

export type StreamName =
  | 'latitude'
  | 'longitude'
  | 'distance_m'
  | 'altitude_m'
  | 'speed_mps'
  | 'heart_rate_bpm'
  | 'cadence_spm'
  | 'grade_pct'
  | 'grade_adjusted_speed_mps';

export interface Streams {
  length_s: number;
  columns: Partial<Record<StreamName, Float64Array>>;
}

/** Below this a runner stands; such seconds count neither in means nor in colour ranges. */
export const STANDING_MPS = 0.5;

export function decodeStreams(encoded: EncodedStreams): Streams {
  const columns: Streams['columns'] = {};
  for (const [name, column] of Object.entries(encoded.columns)) {
    columns[name as StreamName] = decodeColumn(column, encoded.length_s);
  }
  return { length_s: encoded.length_s, columns };
}

function decodeColumn(
  { scale, deltas }: EncodedStreams['columns'][string],
  length_s: number,
): Float64Array {
  const values = new Float64Array(length_s).fill(NaN);
  let sum = 0;
  for (let i = 0; i < Math.min(deltas.length, length_s); i++) {
    const delta = deltas[i];
    if (delta === null) continue;
    sum += delta;
    values[i] = scale * sum;
  }
  return values;
}

/** A path smaller than about 20 m is a watch that stood still, perhaps beside a treadmill. */
const LEAST_PATH_DEG = 0.0002;

/** Whether the run can be drawn on a map: whether two of its positions lie apart. */
export function hasPath({ columns: { latitude, longitude } }: Streams): boolean {
  if (!latitude || !longitude) return false;
  let first = -1;
  for (let i = 0; i < latitude.length; i++) {
    if (Number.isNaN(latitude[i]) || Number.isNaN(longitude[i])) continue;
    if (first < 0) first = i;
    const north = latitude[i] - latitude[first];
    const east = (longitude[i] - longitude[first]) * Math.cos((latitude[i] * Math.PI) / 180);
    if (Math.hypot(north, east) >= LEAST_PATH_DEG) return true;
  }
  return false;
}

/** Centred moving mean over `window_s` seconds; gaps stay gaps and do not pull on their neighbours. */
export function movingMean(values: Float64Array, window_s: number): Float64Array {
  const half = Math.floor(window_s / 2);
  const sums = new Float64Array(values.length + 1);
  const counts = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    const known = !Number.isNaN(value);
    sums[i + 1] = sums[i] + (known ? value : 0);
    counts[i + 1] = counts[i] + (known ? 1 : 0);
  });
  return values.map((value, i) => {
    if (Number.isNaN(value)) return NaN;
    const from = Math.max(0, i - half);
    const to = Math.min(values.length, i + half + 1);
    return (sums[to] - sums[from]) / (counts[to] - counts[from]);
  });
}

/** The value at a second, or null in a gap, outside the run or without the column. */
export function valueAt(values: Float64Array | undefined, second: number | null): number | null {
  if (!values || second === null) return null;
  const value = values[Math.round(second)];
  return value === undefined || Number.isNaN(value) ? null : value;
}
