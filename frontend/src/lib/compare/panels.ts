/** The charts of two runs: the same axes for both, and the lead of the first. */

import type { Units } from '#lib/api/types.ts';
import { type Panel, panelsOf } from '#lib/charts/panels.ts';
import { roundTicks } from '#lib/charts/ticks.ts';
import { formatDuration } from '#lib/format/duration.ts';
import { formatHeight, METRES } from '#lib/format/distance.ts';
import { t } from '#lib/i18n/index.ts';
import type { StreamName, Streams } from '#lib/run/streams.ts';
import type { Axis } from './address.ts';
import { readAlong } from './axis.ts';

const COMPARED: StreamName[] = ['speed_mps', 'heart_rate_bpm', 'cadence_spm', 'grade_pct'];
/** Longer than anything that is smoothed over. */
const SEAM_S = 60;
/** Least heights of the axis: a lead of a breath should not look like a victory. */
const LEAST_LEAD = { distance: 20, time: 50 };

/** `values` are those of the first run and `second` those of the other, a value a step. */
export function comparedPanels(
  runs: [Streams, Streams],
  seconds: [Float64Array, Float64Array],
  units: Units,
): Panel[] {
  const steps = Math.max(...seconds.map((each) => each.length));
  const other_s = runs[0].length_s + SEAM_S;
  // As one long run both get the same axes.
  return panelsOf(oneAfterTheOther(runs, other_s), [], units).map((panel) => ({
    ...panel,
    values: readAlong(panel.values.subarray(0, runs[0].length_s), seconds[0], steps),
    second: readAlong(panel.values.subarray(other_s), seconds[1], steps),
  }));
}

function oneAfterTheOther([a, b]: [Streams, Streams], other_s: number): Streams {
  const length_s = other_s + b.length_s;
  const columns: Streams['columns'] = {};
  for (const name of COMPARED) {
    const [ofA, ofB] = [a.columns[name], b.columns[name]];
    if (!ofA && !ofB) continue;
    const both = new Float64Array(length_s).fill(NaN);
    if (ofA) both.set(ofA);
    if (ofB) both.set(ofB, other_s);
    columns[name] = both;
  }
  return { length_s, columns };
}

/** Null when nothing is known of who was ahead. */
export function leadPanel(lead: Float64Array, axis: Axis, units: Units): Omit<Panel, 'id'> | null {
  const known = lead.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return null;
  const [low, high] = known.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [0, 0],
  );
  const lacking = Math.max(0, LEAST_LEAD[axis] - (high - low)) / 2;
  const margin = lacking + (high - low) * 0.1;
  const range: [number, number] = [low - margin, high + margin];
  return {
    label: t.compare.lead[axis],
    values: lead,
    second: null,
    secondLabel: '',
    isArea: false,
    range,
    ticks: leadTicks(range, axis, units),
    tick: (value) => (value < 0 ? '−' : '') + leadFigure(value, axis, units),
    format: (value) => leadWords(value, axis, units),
  };
}

function leadTicks([low, high]: [number, number], axis: Axis, units: Units): number[] {
  const unit = axis === 'distance' ? (high - low > 120 ? 60 : 1) : units === 'mi' ? 0.3048 : 1;
  return roundTicks(low / unit, high / unit, 3).map((tick) => tick * unit);
}

const leadFigure = (value: number, axis: Axis, units: Units): string =>
  axis === 'distance'
    ? formatDuration(Math.abs(value))
    : formatHeight(Math.abs(value), units).split('\u202f')[0];

/** "A 0:23 ahead" */
export function leadWords(value: number | null, axis: Axis, units: Units): string {
  if (value === null) return t.units.unknown;
  const size =
    axis === 'distance' ? formatDuration(Math.abs(value)) : formatHeight(Math.abs(value), units);
  if (Math.abs(value) < 0.5) return t.compare.level;
  return t.compare.ahead(value > 0 ? 'A' : 'B', size);
}

const WAYS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];

/** Metres between the ticks of the way, about `most` in all. */
export function wayStep_m(length_m: number, units: Units, most: number): number {
  const unit_m = METRES[units];
  return (WAYS.find((way) => length_m / (way * unit_m) <= most) ?? 100) * unit_m;
}
