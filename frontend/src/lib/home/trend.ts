/** How one stretch of training compares with the one before. */

export type Trend = { kind: 'up' | 'down'; share: number } | { kind: 'same' | 'fresh' };

/** Changes smaller than this are none that a runner would speak of. */
const NOTABLE = 0.02;

/** Null when there is nothing to compare: both are zero. */
export function trendOf(now: number, before: number): Trend | null {
  if (before <= 0) return now > 0 ? { kind: 'fresh' } : null;
  const share = now / before - 1;
  if (Math.abs(share) < NOTABLE) return { kind: 'same' };
  return { kind: share > 0 ? 'up' : 'down', share: Math.abs(share) };
}
