/** Words chosen from what was estimated. A finding never comes without its interval. */

import type {
  ActivityInsights,
  Effects,
  Estimate,
  Insights,
  ResponseName,
  SongEffect,
  Units,
} from '#lib/api/types.ts';
import { METRES } from '#lib/format/distance.ts';
import { formatPace } from '#lib/format/pace.ts';
import { locale, t } from '#lib/i18n/index.ts';

/** Probability of a direction from which it is said: a plain 95 % interval beside zero. */
const SURE = 0.975;
const DIGITS: Record<ResponseName, number> = { speed: 1, heart_rate: 1, cadence: 1, in_step: 0 };

export interface Finding {
  /** A sentence; ends in a colon where a figure follows. */
  text: string;
  figure?: string;
  interval?: string;
  /** What goes with it, said smaller. */
  more?: string;
  isSure: boolean;
}

/** "+0.5", "−1.2", "0.0": a change without its unit. */
export function signed(value: number, response: ResponseName): string {
  const digits = DIGITS[response];
  return new Intl.NumberFormat(locale, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
    .format(value)
    .replace('-', '−');
}

/** As short as it can be, for an axis: "+2", "−0.5", "0". */
export const tickWords = (at: number): string =>
  new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' }).format(at).replace('-', '−');

export const withUnit = (value: number, response: ResponseName): string =>
  `${signed(value, response)}\u202f${t.insights.unit[response]}`;

export const intervalOf = (estimate: Estimate, response: ResponseName): string =>
  t.units.interval(signed(estimate.low, response), signed(estimate.high, response));

const scaled = ({ value, low, high }: Estimate, factor: number): Estimate => ({
  value: value * factor,
  low: low * factor,
  high: high * factor,
});

/** The slope as a runner thinks of it: per ten beats a minute. */
export const perTenBeats = (per_sd: Estimate, sd_tempo_bpm: number): Estimate =>
  scaled(per_sd, 10 / sd_tempo_bpm);

const directionOf = (probability_above: number): 'raises' | 'lowers' | null => {
  if (probability_above >= SURE) return 'raises';
  return probability_above <= 1 - SURE ? 'lowers' : null;
};

/** Who is in step with one tempo is so with neither faster nor slower ones: a peak, no slope. */
function mostInStep({ curve }: NonNullable<Effects['tempo']>): Finding | null {
  const peak = curve.toSorted((a, b) => b.effect.value - a.effect.value)[0];
  if (!peak || peak.effect.low <= 0) return null;
  return {
    text: t.insights.finding.mostInStep(peak.tempo_bpm.toFixed(0)),
    figure: withUnit(peak.effect.value, 'in_step'),
    interval: intervalOf(peak.effect, 'in_step'),
    isSure: true,
  };
}

/** What tempo does to one response. */
export function tempoFinding(effects: Effects, response: ResponseName, isCausal: boolean): Finding {
  const { tempo } = effects;
  const words = t.insights.finding;
  if (!tempo) return { text: words.noTempo, isSure: false };
  const best = response === 'in_step' ? mostInStep(tempo) : null;
  if (best) return best;
  const slope = perTenBeats(tempo.per_sd, tempo.sd_tempo_bpm);
  const figures = {
    figure: t.insights.perTen(withUnit(slope.value, response)),
    interval: intervalOf(slope, response),
  };
  const direction = directionOf(tempo.probability_above);
  if (direction) {
    const sentences = isCausal ? t.insights.tempoMakes : t.insights.tempoGoes;
    return { text: sentences[response][direction], ...figures, isSure: true };
  }
  const what = t.insights.what[response];
  if (tempo.runs_needed === 0) return { text: words.small(what), ...figures, isSure: false };
  return {
    text: words.cannotTell(what),
    more: words.runsNeeded(tempo.runs_needed),
    isSure: false,
  };
}

/** What a share of speed is worth: "At your usual 5:12 /km that is about 2 seconds per kilometre." */
export function paceWords(percent: number, speed_mps: number, units: Units): string {
  const { seconds, pace } = t.insights.finding;
  const saved_s = (METRES[units] / speed_mps) * (1 - 1 / (1 + Math.abs(percent) / 100));
  return pace(formatPace(speed_mps, units), seconds[units](Math.round(saved_s)));
}

/** The one thing worth saying first; null before anything can be said. */
export function headlineFinding({ headline, answers }: Insights): Finding | null {
  if (headline.code === 'too_little') return null;
  const speed = answers.find((answer) => answer.response === 'speed');
  const effects = headline.is_causal ? speed?.causal : speed?.association;
  if (!effects) return null;
  const words = t.insights.finding;
  const { raising, lowering, is_causal } = headline;
  const songs =
    raising + lowering > 0
      ? (is_causal ? words.songsMake : words.songsGo)(raising, lowering)
      : undefined;
  if (headline.code === 'tracks_differ' && songs) {
    return { text: songs, more: words.oneInTen, isSure: true };
  }
  const tempo = tempoFinding(effects, 'speed', is_causal);
  return songs ? { ...tempo, more: `${words.beyond(songs)} ${words.oneInTen}` } : tempo;
}

/** "faster", "probably slower", "too early: 12 of about 15 plays". */
export function verdictWords(track: SongEffect, response: ResponseName): string {
  const words = t.insights.verdict;
  if (isNamed(track)) {
    const named = words[response][track.verdict as 'raises' | 'lowers'];
    if (isBesideZero(track.effect)) return named;
    // Against songs of its own tempo it is; against the average song it may not be.
    return track.tempo_bpm === null ? words.probably(named) : words.forTempo(named);
  }
  // Named is what stands out by itself: a fast song may be beside zero by its tempo alone.
  if (isBesideZero(track.effect)) return words.by_tempo;
  return track.verdict === 'cannot_tell'
    ? words.cannot_tell
    : words.not_enough_yet(track.plays, track.plays + Math.max(1, track.plays_needed));
}

/** Whether the whole interval lies to one side. */
const isBesideZero = ({ low, high }: Estimate): boolean => low > 0 || high < 0;

export const isNamed = ({ verdict }: Pick<SongEffect, 'verdict'>): boolean =>
  verdict === 'raises' || verdict === 'lowers';

/** What is odd about a run's data, and what to do about it. */
export function noteWords(
  { code, track_id, hours }: ActivityInsights['notes'][number],
  titleOf: (track_id: string | null) => string,
): string {
  const words = t.insights.run.notes;
  if (code === 'cadence_lock') return words.cadence_lock;
  if (code === 'clock_offset') {
    return words.clock_offset(Math.abs(hours ?? 0), (hours ?? 0) > 0);
  }
  return words.tempo_octave(titleOf(track_id));
}
