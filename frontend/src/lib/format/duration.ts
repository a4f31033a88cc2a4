/** Lengths of time. */

import { t } from '#lib/i18n/index.ts';

/** "45:12" or "1:02:03"; whole seconds. */
export function formatDuration(duration_s: number | null | undefined): string {
  if (duration_s == null || Number.isNaN(duration_s)) return t.units.unknown;
  const whole = Math.max(0, Math.round(duration_s));
  const seconds = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  if (hours === 0) return `${minutes}:${seconds}`;
  return `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`;
}

/** "12 h 05 min" or "45 min": for sums, where seconds say nothing. */
export function formatHours(duration_s: number): string {
  const minutes = Math.round(duration_s / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes}\u202fmin`;
  return `${hours}\u202fh ${String(minutes % 60).padStart(2, '0')}\u202fmin`;
}
