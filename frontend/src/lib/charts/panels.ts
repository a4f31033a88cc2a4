/** What each chart shows: values, an axis that stays put, and how a value is written. */

import type { Units } from '#lib/api/types.ts';
import { formatWhole } from '#lib/format/count.ts';
import { formatHeight, METRES } from '#lib/format/distance.ts';
import { formatPace, paceFigure } from '#lib/format/pace.ts';
import { t } from '#lib/i18n/index.ts';
import type { ShownSpan } from '#lib/run/soundtrack.ts';
import { movingMean, type Streams } from '#lib/run/streams.ts';
import { axisRange, paceTicks, roundTicks, SLOWEST_MPS, withoutEdges } from './ticks.ts';

export interface Panel {
  id: 'pace' | 'heart_rate' | 'cadence' | 'altitude' | 'grade';
  label: string;
  values: Float64Array;
  /** Drawn fainter and dashed: grade-adjusted pace, the beat. */
  second: Float64Array | null;
  secondLabel: string;
  isArea: boolean;
  range: [number, number];
  ticks: number[];
  /** On the axis, without unit. */
  tick: (value: number) => string;
  /** In the header, with unit. */
  format: (value: number | null) => string;
}

const PACE_SMOOTH_S = 15;
const CADENCE_SMOOTH_S = 7;
const HEART_RATE_SMOOTH_S = 5;
const GRADE_SMOOTH_S = 7;
/** Least heights of the axes: below, noise would look like effort. */
const LEAST = { pace: 0.6, heart_rate: 30, cadence: 20, altitude: 20, grade: 6 };

/** With a true minus sign, and never "-0". */
export const signed = (value: number, digits: number): string =>
  (value + 0).toFixed(digits).replace('-', '−');

export const formatGrade = (grade_pct: number | null): string =>
  grade_pct === null
    ? t.units.unknown
    : `${signed(Math.round(grade_pct * 10) / 10, 1)}\u202f${t.run.percent}`;

export function panelsOf(streams: Streams, spans: ShownSpan[], units: Units): Panel[] {
  const panels = [
    pacePanel(streams, units),
    heartRatePanel(streams),
    cadencePanel(streams, spans),
    altitudePanel(streams, units) ?? gradePanel(streams),
  ];
  return panels.filter((panel) => panel !== null);
}

function pacePanel({ columns }: Streams, units: Units): Panel | null {
  // Standing has no pace: a gap, rather than a plunge that the smoothing would smear.
  const smooth = (speed: Float64Array | undefined) =>
    speed &&
    movingMean(
      speed.map((v) => (v < SLOWEST_MPS ? NaN : v)),
      PACE_SMOOTH_S,
    );
  const values = smooth(columns.speed_mps);
  const range = values && axisRange(values, LEAST.pace);
  if (!values || !range) return null;
  const low = Math.max(range[0], SLOWEST_MPS * 0.9);
  return {
    id: 'pace',
    label: t.run.chart.pace,
    values,
    second: smooth(columns.grade_adjusted_speed_mps) ?? null,
    secondLabel: t.run.gradeAdjusted,
    isArea: false,
    range: [low, range[1]],
    ticks: paceTicks(...withoutEdges([low, range[1]]), METRES[units]),
    tick: (speed) => paceFigure(speed, units),
    format: (speed) => formatPace(speed, units),
  };
}

function heartRatePanel({ columns: { heart_rate_bpm } }: Streams): Panel | null {
  const values = heart_rate_bpm && movingMean(heart_rate_bpm, HEART_RATE_SMOOTH_S);
  const range = values && axisRange(values, LEAST.heart_rate);
  if (!values || !range) return null;
  return {
    ...whole(range),
    id: 'heart_rate',
    label: t.run.chart.heart_rate,
    values,
    format: (value) => formatWhole(value, t.units.heartRate),
  };
}

function cadencePanel({ columns, length_s }: Streams, spans: ShownSpan[]): Panel | null {
  const raw = columns.cadence_spm;
  // A standing runner takes no steps; the axis is for running.
  const values =
    raw &&
    movingMean(
      raw.map((v) => (v < 60 ? NaN : v)),
      CADENCE_SMOOTH_S,
    );
  const range = values && axisRange(values, LEAST.cadence);
  if (!values || !range) return null;
  return {
    ...whole(range),
    id: 'cadence',
    label: t.run.chart.cadence,
    values,
    second: beatOf(spans, length_s, range),
    secondLabel: t.run.beat,
    format: (value) => formatWhole(value, t.units.cadence),
  };
}

/** The beat of each song as steps per minute: its tempo, doubled or halved into the axis' range. */
export function beatOf(
  spans: ShownSpan[],
  length_s: number,
  [low, high]: [number, number],
): Float64Array | null {
  const beat = new Float64Array(length_s).fill(NaN);
  let isKnown = false;
  for (const { tempo_bpm, start_s, end_s } of spans) {
    if (!tempo_bpm) continue;
    const steps = [tempo_bpm, tempo_bpm * 2, tempo_bpm / 2].find((s) => s >= low && s <= high);
    if (steps === undefined) continue;
    beat.fill(steps, Math.floor(start_s), Math.floor(end_s) - 1);
    isKnown = true;
  }
  return isKnown ? beat : null;
}

function altitudePanel({ columns: { altitude_m: values } }: Streams, units: Units): Panel | null {
  const range = values && axisRange(values, LEAST.altitude);
  if (!values || !range) return null;
  const unit_m = units === 'mi' ? 0.3048 : 1;
  const [low, high] = withoutEdges(range);
  return {
    ...whole(range),
    id: 'altitude',
    label: t.run.chart.altitude,
    values,
    isArea: true,
    ticks: roundTicks(low / unit_m, high / unit_m, 3).map((tick) => tick * unit_m),
    tick: (value) => String(Math.round(value / unit_m)),
    format: (value) => formatHeight(value, units),
  };
}

function gradePanel({ columns: { grade_pct } }: Streams): Panel | null {
  const values = grade_pct && movingMean(grade_pct, GRADE_SMOOTH_S);
  const range = values && axisRange(values, LEAST.grade);
  if (!values || !range || values.every((value) => !(Math.abs(value) > 0.1))) return null;
  return {
    ...whole(range),
    id: 'grade',
    label: t.run.chart.grade,
    values,
    format: formatGrade,
  };
}

const whole = (range: [number, number]) => ({
  second: null,
  secondLabel: '',
  isArea: false,
  range,
  ticks: roundTicks(...withoutEdges(range)),
  tick: (value: number) => signed(Math.round(value), 0),
});
