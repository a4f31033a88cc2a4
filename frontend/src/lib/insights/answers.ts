/** Which of the answers is on the page, and which songs of it. */

import type { Answer, Effects, Insights, ResponseName, SongEffect } from '#lib/api/types.ts';
import { isNamed } from './words.ts';

export type Basis = 'causal' | 'association';

export const RESPONSES: ResponseName[] = ['speed', 'heart_rate', 'cadence', 'in_step'];
const SHOWN_SONGS = 12;

/** With noise known there were plays enough to fit anything. */
export const isFitted = (effects: Effects | null | undefined): effects is Effects =>
  effects != null && effects.noise !== null;

/** Causes are worth more than company, where there are enough plays for them. */
export const usualBasis = ({ answers }: Insights): Basis =>
  answers.some(({ causal }) => isFitted(causal)) ? 'causal' : 'association';

export const answerOf = ({ answers }: Insights, response: ResponseName): Answer | undefined =>
  answers.find((answer) => answer.response === response);

/** How far from even the odds are that a song raises rather than lowers. */
const sureness = ({ probability_above }: SongEffect) => Math.abs(probability_above - 0.5);

/** The surest of those that are named, then the most heard, in order of their effect. */
export function shownSongs(songs: SongEffect[], most = SHOWN_SONGS): SongEffect[] {
  const named = songs.filter(isNamed).toSorted((a, b) => sureness(b) - sureness(a));
  const others = songs.filter((song) => !isNamed(song)).toSorted((a, b) => b.plays - a.plays);
  const chosen = new Set([...named, ...others].slice(0, most));
  return songs.filter((song) => chosen.has(song));
}

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
