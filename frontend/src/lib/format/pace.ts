/** Pace as runners say it: minutes and seconds for a kilometre or a mile. */

import type { Units } from '#lib/api/types.ts';
import { t } from '#lib/i18n/index.ts';
import { METRES } from './distance.ts';

/** Slower than this is standing, and has no pace. */
const SLOWEST_MPS = 0.3;

/** "5:12"; a dash where there is no speed. */
export function paceFigure(speed_mps: number | null | undefined, units: Units): string {
  if (speed_mps == null || !(speed_mps >= SLOWEST_MPS)) return t.units.unknown;
  const seconds = Math.round(METRES[units] / speed_mps);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export const paceUnit = (units: Units): string => (units === 'mi' ? t.units.perMi : t.units.perKm);

/** "5:12 /km" */
export function formatPace(speed_mps: number | null | undefined, units: Units): string {
  const figure = paceFigure(speed_mps, units);
  return figure === t.units.unknown ? figure : `${figure}\u202f${paceUnit(units)}`;
}
