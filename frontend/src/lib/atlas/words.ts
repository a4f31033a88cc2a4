/** What the map says of a run; apart from its days, which the worker counts without any words. */

import { formatDay } from '#lib/format/date.ts';
import type { ToldRun } from './decode.ts';

export const dayWords = ([, , started_s, utc_offset_s]: ToldRun, timeZone: string): string =>
  formatDay(new Date(started_s * 1000).toISOString(), utc_offset_s, timeZone);
