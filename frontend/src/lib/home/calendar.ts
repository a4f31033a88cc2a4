/** Days laid out in weeks, and how strongly each is drawn. Days are words like "2026-03-01". */

import type { Day } from '#lib/api/types.ts';

const DAY_MS = 86_400_000;

export const LEVELS = 4;

export interface Cell {
  day: string;
  /** Column; the last is the current week. */
  week: number;
  /** Row; Monday is 0. */
  weekday: number;
  distance_m: number;
  activities: number;
  /** 0 without a run, then 1 (short) to `LEVELS` (long). */
  level: number;
}

/** The calendar day it is now in a zone. */
export const today = (timeZone: string, now: Date = new Date()): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone }).format(now);

/** One cell for each day from a Monday, `weeks` columns up to and including `last`. */
export function calendar(days: Day[], last: string, weeks: number): Cell[] {
  const end = Date.parse(`${last}T00:00:00Z`);
  const weekdayOfEnd = (new Date(end).getUTCDay() + 6) % 7;
  const count = (weeks - 1) * 7 + weekdayOfEnd + 1;
  const byDay = new Map(days.map((day) => [day.day, day]));
  const bounds = levelBounds(days.map((day) => day.distance_m));
  return Array.from({ length: count }, (_, i) => {
    const day = new Date(end - (count - 1 - i) * DAY_MS).toISOString().slice(0, 10);
    const found = byDay.get(day);
    return {
      day,
      week: Math.floor(i / 7),
      weekday: i % 7,
      distance_m: found?.distance_m ?? 0,
      activities: found?.activities ?? 0,
      level: found ? 1 + bounds.filter((bound) => found.distance_m > bound).length : 0,
    };
  });
}

/** Distances that divide the days with runs into `LEVELS` equally full groups. */
function levelBounds(distances_m: number[]): number[] {
  const sorted = [...distances_m].sort((a, b) => a - b);
  return Array.from({ length: LEVELS - 1 }, (_, i) => {
    const at = Math.ceil(((i + 1) * sorted.length) / LEVELS) - 1;
    return sorted[Math.max(0, at)] ?? Infinity;
  });
}

/** First column of each month that has room for its name. */
export function monthStarts(cells: Cell[]): { day: string; week: number }[] {
  const starts: { day: string; week: number }[] = [];
  for (const cell of cells) {
    if (!cell.day.endsWith('-01')) continue;
    const week = cell.weekday === 0 ? cell.week : cell.week + 1;
    if (week <= cells[cells.length - 1].week) starts.push({ day: cell.day, week });
  }
  return starts;
}
