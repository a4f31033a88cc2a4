/** From a colour mode to the paint of every second, and to the scale that its legend shows. */

import { silenceColor, songPalette, type Theme } from '#lib/color/songs.ts';
import {
  divergingColors,
  paceScale,
  robustRange,
  roundedRange,
  sequentialColors,
  type Scale,
} from '#lib/color/scales.ts';
import { songPaint, valuePaint, type Paint } from '#lib/map/layers.ts';
import { COLOUR_MODES, type ColourMode } from './address.ts';
import { spanIndexAt, type ShownSpan } from './soundtrack.ts';
import { STANDING_MPS, type StreamName, type Streams } from './streams.ts';

const COLUMN: Record<Exclude<ColourMode, 'song'>, StreamName> = {
  pace: 'speed_mps',
  heart_rate: 'heart_rate_bpm',
  cadence: 'cadence_spm',
  grade: 'grade_pct',
};

const ROUND_PACE_S = 15;
const ROUND = { heart_rate: 5, cadence: 5, grade: 1 };
const LEAST_GRADE_PCT = 3;

/** Modes that say something about this run; the first is the one to begin with. */
export function availableModes({ columns }: Streams, hasSongs: boolean): ColourMode[] {
  const modes = COLOUR_MODES.filter((mode) =>
    mode === 'song' ? hasSongs : columns[COLUMN[mode]] !== undefined,
  );
  return modes.length > 0 ? modes : ['song'];
}

/** Values of a mode; seconds spent standing count only for heart rate. */
export function valuesOf(mode: Exclude<ColourMode, 'song'>, { columns }: Streams): Float64Array {
  const values = columns[COLUMN[mode]] ?? new Float64Array();
  const speed = columns.speed_mps;
  if (mode === 'heart_rate' || !speed) return values;
  return values.map((value, i) => (speed[i] < STANDING_MPS ? NaN : value));
}

/** The run's own scale for a mode, its ends round in the runner's units (`unit_m` to a pace). */
export function scaleOf(
  mode: Exclude<ColourMode, 'song'>,
  streams: Streams,
  theme: Theme,
  unit_m: number,
): Scale | null {
  const range = robustRange(valuesOf(mode, streams));
  if (!range) return null;
  if (mode === 'grade') {
    const reach = Math.max(LEAST_GRADE_PCT, Math.ceil(Math.max(-range[0], range[1])));
    return { low: -reach, high: reach, colors: divergingColors(theme) };
  }
  if (mode === 'pace') return paceScale(range, theme, unit_m, ROUND_PACE_S);
  const [low, high] = roundedRange(range, ROUND[mode]);
  return { low, high, colors: sequentialColors(theme) };
}

/** Colour of each song in a theme; silence is grey. */
export function songColors(theme: Theme): (span: { hue: number | null }) => string {
  const palette = songPalette(theme);
  const silence = silenceColor(theme);
  return ({ hue }) => (hue === null ? silence : palette[hue]);
}

export function paintOf(
  mode: ColourMode,
  streams: Streams,
  spans: ShownSpan[],
  scale: Scale | null,
  theme: Theme,
): Paint[] {
  if (mode === 'song' || !scale) return songPaint(spans, songColors(theme), streams.length_s);
  return valuePaint(valuesOf(mode, streams), scale, silenceColor(theme), (second) =>
    spanIndexAt(spans, second),
  );
}
