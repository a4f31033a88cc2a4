/** Plain numbers, shares and sizes of files. */

import { locale, t } from '#lib/i18n/index.ts';

export const formatCount = (count: number): string => new Intl.NumberFormat(locale).format(count);

/** A rate: whole from ten on, one decimal below. */
export const formatRate = (rate: number): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: rate < 10 ? 1 : 0 }).format(rate);

/** "35 %" */
export const formatPercent = (share: number): string => formatWhole(100 * share, '%');

/** "152 bpm", "168 steps/min": a whole figure with its unit if any, a dash when not measured. */
export function formatWhole(value: number | null | undefined, unit = ''): string {
  if (value == null || Number.isNaN(value)) return t.units.unknown;
  return unit ? `${Math.round(value)}\u202f${unit}` : String(Math.round(value));
}

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** "1.4 MB" */
export function formatSize(size_bytes: number): string {
  let value = size_bytes;
  let step = 0;
  while (value >= 999.5 && step < SIZES.length - 1) {
    value /= 1000;
    step++;
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: SIZES[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}
