/** What the figures of training say, before they are put into words. */

import type { Training } from '#lib/api/types.ts';

export const METRICS = ['load', 'distance', 'time'] as const;
export type Metric = (typeof METRICS)[number];

export type Week = Training['weeks'][number];

/** Within this of each other two loads are alike. */
const ALIKE = 0.15;

export type Verdict = 'more' | 'less' | 'same' | 'early' | 'noHeart';

/** How the load of late compares to the usual one, on the last day. */
export function verdictOf(training: Training): Verdict {
  if (training.with_heart_rate === 0) return training.unmeasured > 0 ? 'early' : 'noHeart';
  const day = training.days.at(-1);
  if (!day || day.usual.value === 0) return 'early';
  // What is not known of the heart moves both alike, so it hardly matters here.
  const ratio = day.lately.value / day.usual.value;
  if (ratio > 1 + ALIKE) return 'more';
  return ratio < 1 / (1 + ALIKE) ? 'less' : 'same';
}

/** The bar's height: 0 for a week without any. */
export function amountOf(week: Week, metric: Metric): number {
  if (metric === 'load') return week.load?.value ?? 0;
  return metric === 'distance' ? week.distance_m : week.moving_s;
}

/** The bars to show: those that were asked for, as far as there are any. */
export function metricOf(asked: string | null, training: Training): Metric {
  const metric = METRICS.find((each) => each === asked) ?? 'load';
  return metric === 'load' && training.with_heart_rate === 0 ? 'distance' : metric;
}

export const isEmpty = (training: Training): boolean =>
  training.activities === 0 && training.best_efforts.length === 0 && training.unmeasured === 0;

/** Of one piece, as cells of a table that is wider than a phone should be. */
export const unbroken = (text: string): string => text.replaceAll(' ', '\u00a0');
