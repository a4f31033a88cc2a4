/** What cannot be told, in words, so that it can stand beside what can. */

import type { Insights, ResponseName } from '#lib/api/types.ts';
import { t } from '#lib/i18n/index.ts';
import { answerOf, isFitted, type Basis } from './answers.ts';
import { tempoFinding } from './words.ts';

export function unknownsOf(insights: Insights, response: ResponseName, basis: Basis): string[] {
  const words = t.insights.cannot;
  const effects = answerOf(insights, response)?.[basis];
  const found: string[] = [];
  if (isFitted(effects)) {
    const { tempo, tracks } = effects;
    const what = t.insights.what[response];
    if (!tempo) found.push(words.tempoUnknown(what));
    else if (tempo.runs_needed > 0 && !tempoFinding(effects, response, false).isSure) {
      found.push(words.tempo(what, tempo.runs_needed));
    }
    const alike = tracks.filter(({ verdict }) => verdict === 'cannot_tell').length;
    if (alike > 0) found.push(words.alike(alike));
    const waiting = tracks
      .filter(({ verdict }) => verdict === 'not_enough_yet')
      .toSorted((a, b) => a.plays_needed - b.plays_needed);
    if (waiting.length > 0) {
      const [{ plays_needed, title }] = waiting;
      found.push(words.notEnough(waiting.length, Math.max(1, plays_needed), title));
    }
  }
  if (basis === 'association') found.push(words.cause);
  found.push(words.silence);
  return found;
}

/** "5 runs without music" */
export const leftOutWords = ({ left_out }: Insights): string[] =>
  left_out.map(({ reason, runs }) => t.insights.cannot.reason[reason](runs));
