/** Workouts and what goes with them, as they travel over HTTP. */

import type { Estimate, Link, Settings, WorkoutState } from '#lib/live/messages.ts';

export interface WorkoutSummary {
  distance_m: number | null;
  elapsed_s: number | null;
  moving_s: number | null;
  mean_heart_rate_bpm: number | null;
  max_heart_rate_bpm: number | null;
  mean_cadence_spm: number | null;
  ascent_m: number | null;
  energy_kcal: Estimate | null;
  zone_s: number[];
  in_step_s: number | null;
  beat_s: number | null;
}

export interface Workout {
  id: string;
  state: WorkoutState;
  settings: Settings;
  bridge_id: string | null;
  treadmill_name: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  activity_id: string | null;
  summary: WorkoutSummary | null;
}

export interface Device {
  id: string;
  kind: 'bridge' | 'treadmill' | 'heart_rate' | 'foot_pod';
  name: string;
  is_virtual: boolean;
  state: Link;
  page_url: string | null;
  bridge_id: string | null;
}

/** What suits a tempo, each with where it lies 19 times of 20 and why. */
export interface Recommendation {
  recommended_speed_kmh: number;
  recommended_incline_pct: number;
  ranges: Record<
    'recommended_speed_kmh' | 'recommended_incline_pct',
    { low: number; high: number }
  >;
  reasons: Record<'recommended_speed_kmh' | 'recommended_incline_pct', string>;
}

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
