/** The workout as a file for other programs. */

import { api } from '#lib/session.svelte.ts';
import type { Workout } from './types.ts';

/** A link could not carry the access token, so the file is fetched and handed to the browser. */
export async function saveFit(workout: Workout): Promise<void> {
  const file = await api.download(`/v1/workouts/${workout.id}/fit`);
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = `beatrunner-${(workout.started_at ?? workout.created_at).slice(0, 10)}.fit`;
  link.click();
  // Some browsers read the address only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
