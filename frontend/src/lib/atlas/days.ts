/** Days as the time slider counts them, and how far was run on them. */

import type { ToldRun } from './decode.ts';

const DAY_S = 86_400;
const MOST_BARS = 120;

/** Whole days since 1970, in the runner's wrist time where that is known. */
export const dayOf = ([, , started_s, utc_offset_s]: ToldRun): number =>
  Math.floor((started_s + (utc_offset_s ?? 0)) / DAY_S);

export const dayText = (day: number): string =>
  new Date(day * DAY_S * 1000).toISOString().slice(0, 10);

export const dayNumber = (text: string): number => Math.round(Date.parse(text) / 1000 / DAY_S);

export interface Bars {
  /** The first day and the last. */
  first: number;
  last: number;
  /** Days to a bar, and the metres run in each. */
  step: number;
  metres: number[];
}

/** Null without runs. */
export function barsOf(runs: ToldRun[]): Bars | null {
  if (runs.length === 0) return null;
  const days = runs.map(dayOf);
  let [first, last] = [days[0], days[0]];
  for (const day of days) {
    first = Math.min(first, day);
    last = Math.max(last, day);
  }
  const step = Math.max(1, Math.ceil((last - first + 1) / MOST_BARS));
  const metres = new Array<number>(Math.ceil((last - first + 1) / step)).fill(0);
  runs.forEach((run, i) => (metres[Math.floor((days[i] - first) / step)] += run[4] ?? 0));
  return { first, last, step, metres };
}
