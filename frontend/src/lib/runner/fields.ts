/**
 * The numbers a runner tells of themself: their bounds, in the units they are typed in.
 *
 * The server keeps metric values. A value that was not touched goes back as it came, so that
 * showing it in inches and saving does not shift it.
 */

import type { RunnerProfile, RunnerTold, Units } from '#lib/api/types.ts';
import { locale, t } from '#lib/i18n/index.ts';

export type NumberName = {
  [Name in keyof RunnerTold]-?: NonNullable<RunnerTold[Name]> extends number ? Name : never;
}[keyof RunnerTold];

interface Measure {
  /** Metric to shown. */
  factor: Record<Units, number>;
  unit: Record<Units, string>;
  digits: number;
}

const plain = (unit: string, digits = 0): Measure => ({
  factor: { km: 1, mi: 1 },
  unit: { km: unit, mi: unit },
  digits,
});

const HEART_RATE = plain(t.units.heartRate);
const SPEED: Measure = {
  factor: { km: 1, mi: 1 / 1.609344 },
  unit: { km: t.units.kmh, mi: t.units.mph },
  digits: 1,
};

/** Bounds are metric, and those of the server. */
export const FIELDS: Record<NumberName, { measure: Measure; least: number; most: number }> = {
  birth_year: { measure: plain(''), least: 1900, most: 2200 },
  height_cm: {
    measure: {
      factor: { km: 1, mi: 1 / 2.54 },
      unit: { km: t.units.cm, mi: t.units.inches },
      digits: 1,
    },
    least: 100,
    most: 250,
  },
  weight_kg: {
    measure: {
      factor: { km: 1, mi: 1 / 0.45359237 },
      unit: { km: t.units.kg, mi: t.units.lb },
      digits: 1,
    },
    least: 25,
    most: 300,
  },
  vo2_max: { measure: plain(t.units.vo2, 1), least: 10, most: 100 },
  resting_heart_rate_bpm: { measure: HEART_RATE, least: 25, most: 120 },
  max_heart_rate_bpm: { measure: HEART_RATE, least: 100, most: 240 },
  heart_rate_ceiling_bpm: { measure: HEART_RATE, least: 80, most: 230 },
  max_speed_kmh: { measure: SPEED, least: 1, most: 40 },
  max_incline_pct: { measure: plain('%', 1), least: 0, most: 40 },
};

export const NUMBER_NAMES = Object.keys(FIELDS) as NumberName[];

/** Less than this between resting and maximum is a mistake in one of them. */
const LEAST_RESERVE = 20;

const rounded = (value: number, digits: number) => String(Number(value.toFixed(digits)));

/** A stored value as the text of its input. */
export function shown(name: NumberName, value: number | null | undefined, units: Units): string {
  const { measure } = FIELDS[name];
  return value == null ? '' : rounded(value * measure.factor[units], measure.digits);
}

/** Text of an input as a number, with the reader's comma or point; null where it is none. */
function parsed(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}

export type Draft = Record<NumberName, string>;
export type Errors = Partial<Record<NumberName, string>>;

export const draftOf = (profile: RunnerTold, units: Units): Draft =>
  Object.fromEntries(
    NUMBER_NAMES.map((name) => [name, shown(name, profile[name], units)]),
  ) as Draft;

/** What was typed as metric values, or in words what is wrong with each. */
export function read(
  draft: Draft,
  before: RunnerTold,
  units: Units,
  year: number,
): { told: Pick<RunnerTold, NumberName>; errors: Errors } {
  const told: Pick<RunnerTold, NumberName> = {};
  const errors: Errors = {};
  for (const name of NUMBER_NAMES) {
    const { measure } = FIELDS[name];
    const text = draft[name].trim();
    if (text === shown(name, before[name], units)) {
      told[name] = before[name];
      continue;
    }
    const value = text === '' ? null : parsed(text);
    const { least, most } = bounds(name, year);
    const factor = measure.factor[units];
    const isWrong = value === null || value < least * factor || value > most * factor;
    if (text !== '' && isWrong) {
      const highest = [formatBound(most * factor), measure.unit[units]].filter(Boolean).join(' ');
      errors[name] = t.you.between(formatBound(least * factor), highest);
    } else if (value !== null) {
      told[name] = measure.digits === 0 ? Math.round(value) : value / factor;
    } else {
      told[name] = null;
    }
  }
  return { told, errors: { ...contradictions(told), ...errors } };
}

function bounds(name: NumberName, year: number): { least: number; most: number } {
  if (name === 'birth_year') return { least: year - 110, most: year - 10 };
  return FIELDS[name];
}

const formatBound = (value: number) =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 0, useGrouping: false }).format(value);

function contradictions(told: Pick<RunnerTold, NumberName>): Errors {
  const {
    resting_heart_rate_bpm: resting,
    max_heart_rate_bpm: most,
    heart_rate_ceiling_bpm: ceiling,
  } = told;
  const errors: Errors = {};
  if (resting != null && most != null && most - resting < LEAST_RESERVE) {
    errors.max_heart_rate_bpm = t.you.maxTooLow;
  }
  if (ceiling != null && most != null && ceiling > most) {
    errors.heart_rate_ceiling_bpm = t.you.ceilingTooHigh;
  }
  if (ceiling != null && resting != null && ceiling <= resting) {
    errors.heart_rate_ceiling_bpm = t.you.ceilingTooLow;
  }
  return errors;
}

/** The part of a profile that the runner told. */
export function toldOf(profile: RunnerProfile): RunnerTold {
  return Object.fromEntries(
    Object.entries(profile).filter(([name]) => name !== 'updated_at' && name !== 'estimates'),
  );
}

/** "5 ft 7 in": people think of heights so. */
export function feet(inches: number): string {
  const whole = Math.round(inches);
  return `${Math.floor(whole / 12)}\u202f${t.units.ft} ${whole % 12}\u202f${t.units.inches}`;
}
