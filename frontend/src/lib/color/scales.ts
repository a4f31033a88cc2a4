/**
 * Colour scales for measured values: even steps of lightness, readable without colour vision.
 *
 * Sequential scales run from dark violet over blue-green to light yellow, lightness rising in equal
 * steps; grade diverges from a neutral middle to blue (down) and orange (up). A scale is fixed to the
 * run's own 2nd to 98th percentile, rounded outwards, so that a stop at a traffic light does not wash
 * out the rest.
 */

import { toHex } from './oklch.ts';
import type { Theme } from './songs.ts';

export interface Scale {
  low: number;
  high: number;
  colors: string[];
}

/** Steps of a scale: few enough to draw as separate pieces, too many to see as bands. */
export const STEPS = 24;

const ramp = (color: (share: number) => string) =>
  Array.from({ length: STEPS }, (_, i) => color(i / (STEPS - 1)));

export function sequentialColors(theme: Theme): string[] {
  const [dark, bright] = theme === 'light' ? [0.32, 0.86] : [0.42, 0.93];
  return ramp((share) =>
    toHex({ l: dark + (bright - dark) * share, c: 0.14, h: 305 - 200 * share }),
  );
}

export function divergingColors(theme: Theme): string[] {
  const [middle, end] = theme === 'light' ? [0.8, 0.5] : [0.6, 0.85];
  return ramp((share) => {
    const reach = Math.abs(share - 0.5) * 2;
    return toHex({
      l: middle + (end - middle) * reach,
      c: 0.17 * reach,
      h: share < 0.5 ? 255 : 55,
    });
  });
}

/** The 2nd and 98th percentile of the known values, or null when there are none. */
export function robustRange(values: Iterable<number>): [number, number] | null {
  const known = Float64Array.from([...values].filter((value) => !Number.isNaN(value))).sort();
  if (!known.length) return null;
  const at = (share: number) => known[Math.round(share * (known.length - 1))];
  return [at(0.02), at(0.98)];
}

/** The range rounded outwards to multiples of `step`, at least two steps wide. */
export function roundedRange([low, high]: [number, number], step: number): [number, number] {
  let from = Math.floor(low / step) * step;
  let to = Math.ceil(high / step) * step;
  while (to - from < 2 * step) {
    to += step;
    if (to - from < 2 * step) from -= step;
  }
  return [from, to];
}

/** Speeds from slow to fast, whose ends are paces of whole `step_s` to `unit_m`. */
export function paceScale(
  [slow_mps, fast_mps]: [number, number],
  theme: Theme,
  unit_m: number,
  step_s: number,
): Scale {
  const [fastest_s, slowest_s] = roundedRange([unit_m / fast_mps, unit_m / slow_mps], step_s);
  return {
    low: unit_m / slowest_s,
    high: unit_m / Math.max(fastest_s, step_s),
    colors: sequentialColors(theme),
  };
}

/** Index of the step a value falls in; values outside the range take the end steps; NaN gives -1. */
export function stepOf({ low, high }: Pick<Scale, 'low' | 'high'>, value: number): number {
  if (Number.isNaN(value)) return -1;
  const share = (value - low) / (high - low);
  return Math.min(STEPS - 1, Math.max(0, Math.floor(share * STEPS)));
}
