/** Dates and times of day. A run is dated by the clock on the runner's wrist. */

import { locale } from '#lib/i18n/index.ts';

/** The formatter's moment and zone: wrist time is the instant moved by its offset, read as UTC. */
function placed(at: string, utc_offset_s: number | null, timeZone: string): [Date, string] {
  const instant = new Date(at);
  if (utc_offset_s === null) return [instant, timeZone];
  return [new Date(instant.getTime() + utc_offset_s * 1000), 'UTC'];
}

/** "Sun 1 Mar 2026"; the year only when it is not this year's. */
export function formatDay(
  at: string,
  utc_offset_s: number | null,
  timeZone: string,
  now: Date = new Date(),
): string {
  const [moment, zone] = placed(at, utc_offset_s, timeZone);
  const year = new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: zone });
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: year.format(moment) === year.format(now) ? undefined : 'numeric',
    timeZone: zone,
  }).format(moment);
}

/** "06:30" */
export function formatTimeOfDay(at: string, utc_offset_s: number | null, timeZone: string): string {
  const [moment, zone] = placed(at, utc_offset_s, timeZone);
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone }).format(moment);
}

/** "21 Nov 2026, 09:05": for what happened on this machine, like an import. */
export const formatMoment = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
    new Date(at),
  );

/** A calendar day ("2026-03-01") in words: "Sun 1 Mar 2026". */
export const formatCalendarDay = (day: string): string =>
  new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${day}T00:00:00Z`));

/** "Mar": the month of a calendar day. */
export const formatMonth = (day: string): string =>
  new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

const STEPS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', Infinity],
] as const;

/** "5 minutes ago", "now" */
export function formatAgo(at: string, now_ms: number): string {
  let value = Math.min(0, (new Date(at).getTime() - now_ms) / 1000);
  for (const [unit, size] of STEPS) {
    const whole = Math.round(value);
    if (-whole < size) {
      return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(whole, unit);
    }
    value /= size;
  }
  return '';
}
