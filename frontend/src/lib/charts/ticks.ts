/** Axis ranges and ticks that stay put while the reader zooms, in the reader's own units. */

import { robustRange } from '#lib/color/scales.ts';

/** Rounder first: a tick at 10:00 is worth more than one at 9:30. */
const PACE_STEPS_S = [300, 60, 30, 15, 10, 5];

/** The slowest speed worth drawing: 20 min/km. Slower is standing or walking away. */
export const SLOWEST_MPS = 1000 / 1200;

/**
 * Speeds at round paces per `unit_m`, slow to fast. The axis is even in speed, so paces crowd at its
 * slow end: the roundest are kept, and others only where there is room for about `most` in all.
 */
export function paceTicks(slow_mps: number, fast_mps: number, unit_m: number, most = 5): number[] {
  const room_mps = (fast_mps - slow_mps) / (most + 1);
  const ticks: number[] = [];
  for (const step_s of PACE_STEPS_S) {
    const first = Math.ceil(unit_m / fast_mps / step_s);
    for (let k = Math.max(1, first); k * step_s <= unit_m / slow_mps; k++) {
      const speed = unit_m / (k * step_s);
      if (ticks.every((tick) => Math.abs(tick - speed) >= room_mps)) ticks.push(speed);
    }
    if (ticks.length >= most - 1) break;
  }
  return ticks.sort((a, b) => a - b);
}

/** Round numbers between two values: about `most` of them, but two at least, to tell a scale. */
export function roundTicks(low: number, high: number, most = 4): number[] {
  const rough = (high - low) / most;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const steps = [10, 5, 2, 1, 0.5].map((k) => k * magnitude);
  const roomy = steps.findLastIndex((step) => step >= rough);
  const tried = steps.slice(roomy).map((step) => multiples(step, low, high));
  return tried.find((ticks) => ticks.length >= 2) ?? tried[0];
}

function multiples(step: number, low: number, high: number): number[] {
  const found: number[] = [];
  // Adding 0 turns -0, which would be printed as "-0", into 0.
  for (let k = Math.ceil(low / step); k * step <= high + step * 1e-9; k++) found.push(k * step + 0);
  return found;
}

const EDGE = 0.06;

/** Where a tick is not cut in half by the chart above or below. */
export function withoutEdges([low, high]: [number, number]): [number, number] {
  const edge = (high - low) * EDGE;
  return [low + edge, high - edge];
}

/**
 * Range of an axis for the whole run: the middle 96 % with a margin, stretched to the true extremes
 * where they are near, at least `least` wide. Outliers are cut rather than allowed to flatten the rest.
 */
export function axisRange(values: Float64Array, least: number): [number, number] | null {
  const robust = robustRange(values);
  if (!robust) return null;
  const margin = Math.max((robust[1] - robust[0]) * 0.25, least / 8);
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  low = Math.max(low, robust[0] - margin) - margin * 0.2;
  high = Math.min(high, robust[1] + margin) + margin * 0.2;
  const lacking = Math.max(0, least - (high - low)) / 2;
  return [low - lacking, high + lacking];
}

/** Ticks on a time axis: seconds apart that read as a clock. */
export function timeStep_s(length_s: number, most: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
  return steps.find((step) => length_s / step <= most) ?? 28_800;
}
