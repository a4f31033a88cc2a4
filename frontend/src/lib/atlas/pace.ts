/** The scale of paces for all runs of a runner. */

import type { Units } from '#lib/api/types.ts';
import { paceScale, robustRange, type Scale } from '#lib/color/scales.ts';
import type { Theme } from '#lib/color/songs.ts';
import { METRES } from '#lib/format/distance.ts';
import type { ToldRun } from './decode.ts';

const ROUND_S = 30;

/** From the runner's slow runs to their fast ones; null when no run has a speed. */
export function paceScaleOf(runs: ToldRun[], theme: Theme, units: Units): Scale | null {
  const range = robustRange(runs.flatMap(([, , , , , speed_mps]) => speed_mps || []));
  return range && paceScale(range, theme, METRES[units], ROUND_S);
}
