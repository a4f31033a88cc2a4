/** The workout as a file for other programs. */

import { api } from '#lib/session.svelte.ts';
import { saveFile } from '#lib/ui/save.ts';
import type { Workout } from './types.ts';

export async function saveFit(workout: Workout): Promise<void> {
  const day = (workout.started_at ?? workout.created_at).slice(0, 10);
  saveFile(await api.download(`/v1/workouts/${workout.id}/fit`), `beatrunner-${day}.fit`);
}
