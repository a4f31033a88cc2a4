/** What the one who leads the belt knows the runner from, in words. */

import { t } from '#lib/i18n/index.ts';
import type { Live } from '#lib/live/messages.ts';

/** Less than this is told as nothing. */
const LEAST_S = 600;
const HOUR_S = 3600;

/** Empty where the runner leads, and for one who is led as the population is. */
export function knownFrom(live: Live | null): string {
  if (!live || live.settings.mode === 'manual') return '';
  const own_s = live.settings.mode === 'heart' ? live.own_heart_s : live.own_gait_s;
  if (own_s < LEAST_S) return '';
  const time =
    own_s < HOUR_S ? `${Math.floor(own_s / 60)}\u202fmin` : `${Math.floor(own_s / HOUR_S)}\u202fh`;
  return t.live.knownFrom(time);
}
