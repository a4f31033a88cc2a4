/** The heart rate that holds as the limit. */

import type { Client } from '#lib/api/client.ts';
import type { RunnerProfile } from '#lib/api/types.ts';

/** The runner's own, which holds when a workout sets none. */
export async function findCeiling(api: Client): Promise<{ ceiling_bpm: number }> {
  const { heart_rate_ceiling_bpm, estimates } = await api.get<RunnerProfile>('/v1/profile/runner');
  return { ceiling_bpm: heart_rate_ceiling_bpm ?? estimates.default_ceiling_bpm };
}

/** A workout may lower the runner's own ceiling, and never raises it. */
export function lowerCeiling(...ceilings_bpm: (number | null | undefined)[]): number | null {
  const known = ceilings_bpm.filter((each) => each != null);
  return known.length > 0 ? Math.min(...known) : null;
}
