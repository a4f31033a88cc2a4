/**
 * Two runs on one axis.
 *
 * The axis is a grid: a step is ten metres of way or a second since the start. For every step each
 * run tells the second at which it was there; whatever was measured is then read at that second.
 * Time runs on while a runner stands, as it does on the road.
 */

import type { ShownSpan } from '#lib/run/soundtrack.ts';
import type { Streams } from '#lib/run/streams.ts';
import type { Axis } from './address.ts';

export const STEP_M = 10;
/** Where the way is unknown for longer, nobody can say when a place was passed. */
const LONGEST_GAP_S = 15;

/** The second, not always a whole one, at which the run is at each step; NaN in a gap. */
export function secondsAlong({ columns, length_s }: Streams, axis: Axis): Float64Array {
  if (axis === 'time') return Float64Array.from({ length: length_s }, (_, second) => second);
  const way_m = columns.distance_m ?? new Float64Array();
  const seconds: number[] = [];
  let last_s = -1;
  for (let second = 0; second < way_m.length; second++) {
    // Nobody runs backwards; NaN is not farther either.
    if (!(way_m[second] >= (last_s < 0 ? 0 : way_m[last_s]))) continue;
    while (seconds.length * STEP_M <= way_m[second]) {
      seconds.push(passedAt(way_m, last_s, second, seconds.length * STEP_M));
    }
    last_s = second;
  }
  return Float64Array.from(seconds);
}

function passedAt(way_m: Float64Array, from_s: number, to_s: number, place_m: number): number {
  if (from_s < 0) return way_m[to_s] <= STEP_M ? to_s : NaN;
  if (to_s - from_s > LONGEST_GAP_S) return NaN;
  const share = (place_m - way_m[from_s]) / (way_m[to_s] - way_m[from_s]);
  return from_s + share * (to_s - from_s);
}

/** What was measured, read at each of `steps` steps; NaN beyond the end of the run. */
export function readAlong(values: Float64Array, seconds: Float64Array, steps: number) {
  return Float64Array.from(
    { length: steps },
    (_, step) => values[Math.round(seconds[step] ?? NaN)] ?? NaN,
  );
}

/**
 * By how much the first run is ahead at each step: seconds along the way, metres along time; below
 * zero it is behind. NaN where either is unknown or at its end.
 */
export function leadAlong(
  runs: [Streams, Streams],
  seconds: [Float64Array, Float64Array],
  axis: Axis,
): Float64Array {
  const steps = Math.max(...seconds.map((each) => each.length));
  const [a, b] =
    axis === 'distance'
      ? [seconds[1], seconds[0]]
      : runs.map(({ columns }) => columns.distance_m ?? new Float64Array());
  return Float64Array.from({ length: steps }, (_, step) => (a[step] ?? NaN) - (b[step] ?? NaN));
}

/** The last step at which the lead is known, or -1. */
export const lastKnown = (lead: Float64Array): number =>
  lead.findLastIndex((value) => !Number.isNaN(value));

/** Spans with steps for seconds. */
export function spansAlong(spans: ShownSpan[], { columns }: Streams, axis: Axis): ShownSpan[] {
  const way_m = columns.distance_m;
  if (axis === 'time' || !way_m) return spans;
  const stepAt = (second: number) => {
    for (let at = Math.min(way_m.length - 1, Math.round(second)); at > 0; at--) {
      if (!Number.isNaN(way_m[at])) return way_m[at] / STEP_M;
    }
    return 0;
  };
  return spans.map((span) => ({
    ...span,
    start_s: stepAt(span.start_s),
    end_s: stepAt(span.end_s),
    start_uncertainty_s:
      (stepAt(span.start_s + span.start_uncertainty_s) -
        stepAt(span.start_s - span.start_uncertainty_s)) /
      2,
  }));
}

/** The first and the last second of a run between two steps; null when it has none there. */
export function stretchOf(
  seconds: Float64Array,
  from: number,
  to: number,
): [number, number] | null {
  const known = seconds.slice(Math.floor(from), Math.ceil(to)).filter((s) => !Number.isNaN(s));
  return known.length ? [known[0], known[known.length - 1]] : null;
}
