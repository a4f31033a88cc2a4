/** Distances and heights in the runner's own units. */

import type { Units } from '#lib/api/types.ts';
import { locale, t } from '#lib/i18n/index.ts';

/** Metres in one unit of distance. */
export const METRES: Record<Units, number> = { km: 1000, mi: 1609.344 };

const METRES_IN_FOOT = 0.3048;

/** "10.02", "128", "1,204": two decimals below 100, none from there. */
export function distanceFigure(distance_m: number | null | undefined, units: Units): string {
  if (distance_m == null || Number.isNaN(distance_m)) return t.units.unknown;
  const value = distance_m / METRES[units];
  // 99.995 would round to 100.00, which is no longer under 100.
  const digits = value < 99.995 ? 2 : 0;
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** "10.02 km" */
export function formatDistance(distance_m: number | null | undefined, units: Units): string {
  const figure = distanceFigure(distance_m, units);
  return figure === t.units.unknown ? figure : `${figure}\u202f${t.units[units]}`;
}

/** A climb, "120 m" or "394 ft". */
export function formatHeight(height_m: number | null | undefined, units: Units): string {
  if (height_m == null || Number.isNaN(height_m)) return t.units.unknown;
  const isFeet = units === 'mi';
  const value = Math.round(isFeet ? height_m / METRES_IN_FOOT : height_m);
  return `${new Intl.NumberFormat(locale).format(value)}\u202f${isFeet ? t.units.ft : t.units.m}`;
}
