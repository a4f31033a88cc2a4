/** The scale of paces for all runs of a runner. */

import { robustRange, roundedRange, sequentialColors, type Scale } from '#lib/color/scales.ts';
import type { Theme } from '#lib/color/songs.ts';
import { METRES } from '#lib/format/distance.ts';
import type { Units } from '#lib/api/types.ts';
import type { ToldRun } from './decode.ts';

const ROUND_S = 30;

/** From the runner's slow runs to their fast ones; null when no run has a speed. */
export function paceScale(runs: ToldRun[], theme: Theme, units: Units): Scale | null {
  const speeds = runs.flatMap((run) => (run[5] ? [run[5]] : []));
  const range = robustRange(speeds);
  if (!range) return null;
  const unit_m = METRES[units];
  const paces: [number, number] = [unit_m / range[1], unit_m / range[0]];
  const [fastest_s, slowest_s] = roundedRange(paces, ROUND_S);
  return {
    low: unit_m / slowest_s,
    high: unit_m / Math.max(fastest_s, ROUND_S),
    colors: sequentialColors(theme),
  };
}
