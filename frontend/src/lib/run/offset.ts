/** A clock offset in words. */

import { formatDuration } from '#lib/format/duration.ts';
import { t } from '#lib/i18n/index.ts';

export function offsetWords(offset_s: number): string {
  if (offset_s === 0) return t.run.offset.none;
  return t.run.offset[offset_s > 0 ? 'later' : 'earlier'](formatDuration(Math.abs(offset_s)));
}
