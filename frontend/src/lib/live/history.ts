/** The workout so far, second by second, for the live charts. */

import { HISTORY_COLUMNS, type HistoryColumns, type Live } from './messages.ts';

export const emptyHistory = (): HistoryColumns =>
  Object.fromEntries(HISTORY_COLUMNS.map((name) => [name, []])) as unknown as HistoryColumns;

/**
 * History with what is live now at its end. A second that is already there is left as it is; while the
 * bridge is away there is nothing to add, and the chart shows a gap.
 */
export function withNow(history: HistoryColumns, live: Live): HistoryColumns {
  const { status } = live;
  const elapsed_s = status?.elapsed_s ?? null;
  if (!status || elapsed_s === null || live.bridge !== 'connected') return history;
  const last_s = history.elapsed_s.at(-1) ?? -1;
  if (Math.floor(elapsed_s) <= Math.floor(last_s ?? -1)) return history;
  const now: Record<string, number | null> = {
    elapsed_s,
    speed_kmh: status.speed_kmh,
    heart_rate_bpm: status.heart_fit ? status.heart_rate_bpm : null,
    cadence_spm: status.cadence_spm,
    beat_spm: live.song?.playing ? live.beat_spm : null,
    incline_pct: status.incline_pct,
  };
  return Object.fromEntries(
    HISTORY_COLUMNS.map((name) => [name, [...history[name], now[name]]]),
  ) as unknown as HistoryColumns;
}
