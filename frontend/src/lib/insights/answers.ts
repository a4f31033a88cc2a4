/** Which of the answers is on the page, and which songs of it. */

import type { Answer, Effects, Insights, ResponseName, SongEffect } from '#lib/api/types.ts';
import { isNamed } from './words.ts';

export type Basis = 'causal' | 'association';

export const RESPONSES: ResponseName[] = ['speed', 'heart_rate', 'cadence', 'in_step'];
const SHOWN_SONGS = 12;
const FEWEST_OTHERS = 4;

/** With noise known there were plays enough to fit anything. */
export const isFitted = (effects: Effects | null | undefined): effects is Effects =>
  effects != null && effects.noise !== null;

/** Causes are worth more than company, where there are enough plays for them. */
export const usualBasis = ({ answers }: Insights): Basis =>
  answers.some(({ causal }) => isFitted(causal)) ? 'causal' : 'association';

export const answerOf = ({ answers }: Insights, response: ResponseName): Answer | undefined =>
  answers.find((answer) => answer.response === response);

export interface Shelves {
  named: SongEffect[];
  others: SongEffect[];
}

/** Those that are named, in order of their effect; then the others, the most heard first. */
export function shelvesOf(songs: SongEffect[]): Shelves {
  return {
    named: songs.filter(isNamed),
    others: songs.filter((song) => !isNamed(song)).toSorted((a, b) => b.plays - a.plays),
  };
}

/** All that are named, and a few others. */
export const firstOf = ({ named, others }: Shelves): Shelves => ({
  named,
  others: others.slice(0, SHOWN_SONGS - Math.min(named.length, SHOWN_SONGS - FEWEST_OTHERS)),
});

/** An axis around zero that holds all intervals. */
export function rangeOf(
  estimates: { low: number; high: number }[],
  least: number,
): [number, number] {
  const low = Math.min(-least, ...estimates.map((estimate) => estimate.low));
  const high = Math.max(least, ...estimates.map((estimate) => estimate.high));
  const margin = (high - low) * 0.04;
  return [low - margin, high + margin];
}
