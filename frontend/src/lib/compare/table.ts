/** The charts of two runs as a table: a row a kilometre or mile, or one every five minutes. */

import type { Units } from '#lib/api/types.ts';
import { formatGrade } from '#lib/charts/panels.ts';
import { formatWhole } from '#lib/format/count.ts';
import { formatDistance, METRES } from '#lib/format/distance.ts';
import { formatDuration } from '#lib/format/duration.ts';
import { formatPace } from '#lib/format/pace.ts';
import { t } from '#lib/i18n/index.ts';
import { type Figures, figuresOf } from '#lib/run/figures.ts';
import type { StreamName } from '#lib/run/streams.ts';
import type { Axis } from './address.ts';
import { STEP_M, stretchOf } from './axis.ts';
import { leadWords } from './panels.ts';
import { LETTERS, type Pair } from './runs.ts';

const ROW_S = 300;

interface Column {
  of: StreamName;
  label: string;
  words: (figures: Figures | null, units: Units) => string;
}

const COLUMNS: Column[] = [
  {
    of: 'speed_mps',
    label: t.run.columns.pace,
    words: (figures, units) => formatPace(figures?.speed_mps, units),
  },
  {
    of: 'heart_rate_bpm',
    label: t.run.columns.heartRate,
    words: (figures) => formatWhole(figures?.heart_rate_bpm, t.units.heartRate),
  },
  {
    of: 'cadence_spm',
    label: t.run.columns.cadence,
    words: (figures) => formatWhole(figures?.cadence_spm, t.units.cadence),
  },
  {
    of: 'grade_pct',
    label: t.run.columns.grade,
    words: (figures) => formatGrade(figures?.grade_pct ?? null),
  },
];

export function comparedTable(
  pair: Pair,
  seconds: [Float64Array, Float64Array],
  lead: Float64Array,
  axis: Axis,
  units: Units,
): { head: string[]; rows: string[][] } {
  const columns = COLUMNS.filter(({ of }) => pair.some(({ streams }) => streams.columns[of]));
  const each = axis === 'time' ? ROW_S : METRES[units] / STEP_M;
  const rows: string[][] = [];
  for (let from = 0; from < lead.length; from += each) {
    const to = Math.min(from + each, lead.length);
    const figures = pair.map(({ streams }, i) => {
      const stretch = stretchOf(seconds[i], from, to);
      return stretch && figuresOf(streams, ...stretch);
    });
    const last = lead[Math.round(to) - 1] ?? NaN;
    rows.push([
      axis === 'time' ? formatDuration(to) : formatDistance(to * STEP_M, units),
      leadWords(Number.isNaN(last) ? null : last, axis, units),
      ...columns.flatMap(({ words }) => figures.map((of) => words(of, units))),
    ]);
  }
  return {
    head: [
      t.compare.at[axis],
      t.compare.lead[axis],
      ...columns.flatMap(({ label }) => LETTERS.map((letter) => t.compare.of(letter, label))),
    ],
    rows,
  };
}
