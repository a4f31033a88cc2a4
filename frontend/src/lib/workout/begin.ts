/** From a press of a button to a workout that is ready. */

import type { Settings } from '#lib/live/messages.ts';
import { api } from '#lib/session.svelte.ts';
import { settingsFor } from './settings.ts';
import { isOver, type Workout } from './types.ts';

interface WorkoutPage {
  items: Workout[];
  next_cursor: string | null;
}

export const listWorkouts = (limit: number): Promise<WorkoutPage> =>
  api.get('/v1/workouts', { limit });

/** The workout that is already open on a bridge, or a new one. */
export async function beginWorkout(bridge_id: string, settings: Settings): Promise<Workout> {
  const { items } = await listWorkouts(20);
  const open = items.find((one) => one.bridge_id === bridge_id && !isOver(one));
  return open ?? (await api.post<Workout>('/v1/workouts', { bridge_id, settings }));
}

/** A treadmill made of bytes, beside the server, with a runner on it. */
export async function beginVirtual(): Promise<Workout> {
  const { bridge_id } = await api.post<{ bridge_id: string }>('/v1/devices/virtual');
  return beginWorkout(bridge_id, settingsFor('beat'));
}
