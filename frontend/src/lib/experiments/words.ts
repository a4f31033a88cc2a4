/** What an experiment is good for, in words. */

import type { ExperimentProposal } from '#lib/api/types.ts';
import { formatPercent } from '#lib/format/count.ts';
import { t } from '#lib/i18n/index.ts';

/** Less than this is hardly worth a run of its own. */
const LITTLE = 0.05;

/** By how much the range in which the truth lies shrinks. */
const gain = (now: number, after: number): number => (now > 0 ? Math.max(0, 1 - after / now) : 0);

export function teachingWords(proposal: ExperimentProposal): string {
  const words = t.experiments.proposal;
  const single = gain(proposal.sd_pct, proposal.sd_after_pct);
  const { tempo_sd_pct, tempo_sd_after_pct } = proposal;
  if (tempo_sd_pct === null || tempo_sd_after_pct === null) {
    return words.teachesSongs(formatPercent(single));
  }
  const tempo = gain(tempo_sd_pct, tempo_sd_after_pct);
  const teaches = Math.max(tempo, single) < LITTLE ? words.teachesLittle : words.teaches;
  return teaches(formatPercent(tempo), formatPercent(single));
}

/** Where an experiment stands after so many runs. */
export function stateWords(runs: number): string {
  const { heard, state } = t.experiments.list;
  const what = state[Math.min(runs, state.length - 1)];
  return runs === 0 ? what : `${heard(runs)} ${what}`;
}
