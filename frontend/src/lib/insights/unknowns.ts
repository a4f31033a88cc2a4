/** What cannot be told, in words, so that it can stand beside what can. */

import type { Effects, Insights, ResponseName, SongEffect } from '#lib/api/types.ts';
import { t } from '#lib/i18n/index.ts';
import { answerOf, isFitted, type Basis } from './answers.ts';
import { tempoFinding } from './words.ts';

/** Nobody plans further ahead. */
const FAR_RUNS = 200;

export function unknownsOf(insights: Insights, response: ResponseName, basis: Basis): string[] {
  const words = t.insights.cannot;
  const effects = answerOf(insights, response)?.[basis];
  const found: string[] = basis === 'association' ? [words.cause] : [];
  if (!isFitted(effects)) found.push(words.nothing(t.insights.what[response]));
  else {
    const { tempo, tracks } = effects;
    const what = t.insights.what[response];
    if (!tempo) found.push(words.tempoUnknown(what));
    else if (tempo.runs_needed > 0 && !tempoFinding(effects, response, false).isSure) {
      found.push(words.tempo(what, tempo.runs_needed));
    }
    const waiting = tracks.filter(({ verdict }) => verdict === 'not_enough_yet');
    if (waiting.length > 0)
      found.push(words.notEnough(waiting.length), nearestOf(waiting, effects));
    const alike = tracks.filter(({ verdict }) => verdict === 'cannot_tell').length;
    if (alike > 0) found.push(words.alike(alike));
  }
  found.push(words.silence);
  return found;
}

/** Which song will be told first, and when that is for somebody who runs as before. */
function nearestOf(waiting: SongEffect[], { runs }: Effects): string {
  const runsFor = (song: SongEffect) =>
    Math.ceil((Math.max(1, song.plays_needed) * runs) / song.plays);
  const nearest = waiting.toSorted((a, b) => runsFor(a) - runsFor(b))[0];
  const [more, needed] = [Math.max(1, nearest.plays_needed), runsFor(nearest)];
  const words = t.insights.cannot;
  return needed > FAR_RUNS
    ? words.nearestFar(nearest.title, more)
    : words.nearest(nearest.title, more, needed);
}

/** "5 runs without music" */
export const leftOutWords = ({ left_out }: Insights): string[] =>
  left_out.map(({ reason, runs }) => t.insights.cannot.reason[reason](runs));

/** "31 runs from Strava’s connection stay out: Strava does not allow …" */
export function keptOutWords({ kept_out }: Insights): string[] {
  const words = t.insights.cannot;
  return kept_out.map(({ provenance, runs, plays }) => {
    const [from, service] = words.from[provenance as keyof typeof words.from];
    const counts = [runs ? words.runs(runs) : '', plays ? words.plays(plays) : ''].filter(Boolean);
    return words.keptOut(counts.reduce(words.and), from, service);
  });
}
