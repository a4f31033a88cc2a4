/**
 * Spans from listens, in the page, so that dragging the clock offset moves the music at once.
 *
 * The same rule as the server's (core/align.py): plays are painted onto a row of whole seconds in
 * order of their start, so the one that started last owns a second and an interrupted one resumes;
 * silence of up to 3 s between two plays belongs to the play before. Spans tile [0, length_s].
 */

import type { Listen } from '#lib/api/types.ts';

export interface PlayedSpan {
  /** null is silence. */
  track_id: string | null;
  start_s: number;
  end_s: number;
  start_uncertainty_s: number;
}

export const CHANGEOVER_S = 3;

const NOBODY = -1;

export function realign(listens: Listen[], offset_s: number, length_s: number): PlayedSpan[] {
  const wholeSecond = (time_s: number) =>
    Math.floor(Math.min(Math.max(time_s + offset_s, 0), length_s) + 0.5);
  const plays = listens
    .map((listen, index) => ({
      index,
      start: wholeSecond(listen.started_s),
      end: wholeSecond(listen.ended_s),
    }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || a.end - b.end || a.index - b.index);

  const owner = new Int32Array(length_s).fill(NOBODY);
  for (const { start, end, index } of plays) owner.fill(index, start, end);
  closeChangeovers(owner);

  const starts = new Map(plays.map(({ index, start }) => [index, start]));
  let previous = NOBODY;
  return stretches(owner).map(([start_s, end_s]) => {
    const index = owner[start_s];
    // A change is as well known as the start of the play that begins there, or else as the play
    // that ends there.
    const knownBy = index !== NOBODY && starts.get(index) === start_s ? index : previous;
    previous = index;
    return {
      track_id: index === NOBODY ? null : listens[index].track_id,
      start_s,
      end_s,
      start_uncertainty_s: start_s === 0 ? 0 : listens[knownBy].uncertainty_s,
    };
  });
}

/** [start, end) of every run of one owner. */
function stretches(owner: Int32Array): [number, number][] {
  const found: [number, number][] = [];
  let start = 0;
  for (let second = 1; second <= owner.length; second++) {
    if (second < owner.length && owner[second] === owner[start]) continue;
    found.push([start, second]);
    start = second;
  }
  return found;
}

function closeChangeovers(owner: Int32Array) {
  for (const [start, end] of stretches(owner)) {
    const isShortSilence = owner[start] === NOBODY && end - start <= CHANGEOVER_S;
    if (isShortSilence && start > 0 && end < owner.length) owner.fill(owner[start - 1], start, end);
  }
}
