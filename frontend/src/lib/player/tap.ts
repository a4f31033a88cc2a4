/** Tempo from tapping along. */

export interface TappedTempo {
  tempo_bpm: number;
  /** Half of a 95 % interval. */
  plusMinus_bpm: number;
  taps: number;
}

/** A longer pause begins a new count. */
const PAUSE_MS = 2500;
/** Fewer say nothing. */
export const LEAST_TAPS = 4;
/** Older ones are forgotten: the song may have changed. */
const MOST_TAPS = 32;

/** The taps that count once another has come at `at_ms`. */
export function withTap(taps_ms: number[], at_ms: number): number[] {
  const last_ms = taps_ms.at(-1);
  if (last_ms === undefined || at_ms - last_ms > PAUSE_MS) return [at_ms];
  return [...taps_ms, at_ms].slice(-MOST_TAPS);
}

/**
 * The tempo by the median of the intervals: one missed or doubled tap does not move it. The spread of
 * the intervals (their median deviation, times 1.4826 for a normal spread, and 1.2533 for the
 * median's own error) says how sure it is. Null before the fourth tap.
 */
export function tempoOf(taps_ms: number[]): TappedTempo | null {
  if (taps_ms.length < LEAST_TAPS) return null;
  const intervals_ms = taps_ms.slice(1).map((at_ms, i) => at_ms - taps_ms[i]);
  const typical_ms = median(intervals_ms);
  const spread_ms = 1.4826 * median(intervals_ms.map((one) => Math.abs(one - typical_ms)));
  const error_ms = (1.96 * 1.2533 * spread_ms) / Math.sqrt(intervals_ms.length);
  const tempo_bpm = 60_000 / typical_ms;
  return { tempo_bpm, plusMinus_bpm: (tempo_bpm * error_ms) / typical_ms, taps: taps_ms.length };
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
