/** Workouts and what goes with them, as they travel over HTTP. */

import type { components } from '#lib/api/schema.d.ts';
import type { Settings } from '#lib/live/messages.ts';

type Schemas = components['schemas'];

export type Device = Schemas['Device'];
/** What suits a tempo, each with where it lies 19 times of 20 and why. */
export type Recommendation = Schemas['RecommendationAnswer'];
/** The server answers with every field of the settings. */
export type Workout = Omit<Schemas['Workout'], 'settings'> & { settings: Settings };

export const isOver = ({ state }: Workout): boolean => state !== 'ready' && state !== 'live';

/** A bridge with what it sees. */
export interface Place {
  bridge: Device;
  seen: Device[];
}

/** Real treadmills first, and those that are there before those that are away. */
export function placesOf(devices: Device[]): Place[] {
  const rank = ({ is_virtual, state }: Device) =>
    (is_virtual ? 2 : 0) + (state === 'connected' ? 0 : 1);
  return devices
    .filter(({ kind }) => kind === 'bridge')
    .sort((a, b) => rank(a) - rank(b))
    .map((bridge) => ({ bridge, seen: devices.filter((one) => one.bridge_id === bridge.id) }));
}
