/** The heart rate that holds as the limit when a workout sets none. */

import type { RunnerProfile } from '#lib/api/types.ts';
import { api } from '#lib/session.svelte.ts';

export async function findCeiling(): Promise<{ ceiling_bpm: number }> {
  const { heart_rate_ceiling_bpm, estimates } = await api.get<RunnerProfile>('/v1/profile/runner');
  return { ceiling_bpm: heart_rate_ceiling_bpm ?? estimates.default_ceiling_bpm };
}
