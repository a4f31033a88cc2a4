/**
 * Spans from listens, in the page, so that dragging the clock offset moves the music at once.
 *
 * The same rule as the server's: a listen begins at `started_s` + offset; the later start wins where
 * plays overlap, and the earlier one does not come back; a gap of up to 3 s between two songs is the
 * player's own and belongs to the song before it; what is left is silence. Spans tile [0, length_s].
 */

export interface Listen {
  track_id: string;
  started_s: number;
  ended_s: number;
  uncertainty_s: number;
}

export interface PlayedSpan {
  /** null is silence. */
  track_id: string | null;
  start_s: number;
  end_s: number;
  start_uncertainty_s: number;
}

export const CLOSED_GAP_S = 3;

export function realign(listens: Listen[], offset_s: number, length_s: number): PlayedSpan[] {
  const plays = listens
    .map((listen) => ({
      ...listen,
      started_s: Math.round(listen.started_s + offset_s),
      ended_s: Math.round(listen.ended_s + offset_s),
    }))
    .sort((a, b) => a.started_s - b.started_s || a.ended_s - b.ended_s);

  const spans: PlayedSpan[] = [];
  let covered_s = 0;
  plays.forEach((play, i) => {
    const next_s = plays[i + 1]?.started_s ?? Infinity;
    const start_s = Math.max(0, play.started_s);
    let end_s = Math.min(length_s, play.ended_s, next_s);
    if (next_s <= length_s && next_s - end_s <= CLOSED_GAP_S) end_s = next_s;
    if (end_s <= start_s) return;
    if (start_s > covered_s) spans.push(silence(covered_s, start_s));
    spans.push({
      track_id: play.track_id,
      start_s,
      end_s,
      start_uncertainty_s: play.started_s < 0 ? 0 : play.uncertainty_s,
    });
    covered_s = end_s;
  });
  if (covered_s < length_s) spans.push(silence(covered_s, length_s));
  return spans;
}

function silence(start_s: number, end_s: number): PlayedSpan {
  return { track_id: null, start_s, end_s, start_uncertainty_s: 0 };
}
