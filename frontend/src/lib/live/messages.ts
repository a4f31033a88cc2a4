/** What travels over a workout's socket, as docs/live.md writes it down. Version 1. */

export const PROTOCOL = 1;

export type Mode = 'manual' | 'beat' | 'heart' | 'plan';
export type BlockKind = 'warm_up' | 'work' | 'recovery' | 'cool_down';

/** A 95 % interval around a value. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export interface Block {
  kind: BlockKind;
  duration_s: number;
  target_low_bpm: number | null;
  target_high_bpm: number | null;
  speed_kmh: number | null;
  cadence_spm: number | null;
}

export interface Settings {
  mode: Mode;
  speed_kmh: number | null;
  target_low_bpm: number | null;
  target_high_bpm: number | null;
  ceiling_bpm: number | null;
  max_speed_kmh: number | null;
  max_incline_pct: number | null;
  blocks: Block[];
}

export type Link = 'none' | 'searching' | 'connecting' | 'connected' | 'lost';
export type Shown =
  'unknown' | 'stopped' | 'starting' | 'automatic' | 'manual' | 'console' | 'slowing' | 'stopping';
export type Alarm = 'belt_may_still_be_moving' | 'belt_does_not_stop';
export type BeltLock = 'idle' | 'disagreement' | 'wrong_way' | 'fault';
/** Whether the steps fall on the beat and, where they do not, why. */
export type BeatLock =
  | 'on_beat'
  | 'approaching'
  | 'off_beat'
  | 'broken_for_heart'
  | 'no_song'
  | 'no_tempo'
  | 'not_reachable'
  | 'not_wanted';
export type WorkoutState = 'ready' | 'live' | 'ended' | 'sealed' | 'dropped';

/** What the bridge beside the belt sees, each second and on change. */
export interface Status {
  shown: Shown;
  alarm: Alarm | null;
  lock: BeltLock | null;
  reasons: string[];
  control: 'none' | 'runner' | 'automation';
  treadmill: Link;
  heart: Link;
  pod: Link;
  heart_fit: boolean;
  speed_kmh: number | null;
  incline_pct: number | null;
  heart_rate_bpm: number | null;
  cadence_spm: number | null;
  asked_kmh: number | null;
  asked_incline_pct: number | null;
  elapsed_s: number | null;
  distance_m: number | null;
  treadmill_name: string | null;
  is_calibrated: boolean;
  page_url: string | null;
  /** Why there is no treadmill and what to do about it, in words for the computer beside the belt. */
  trouble: string | null;
}

export interface SongReport {
  track_id: string | null;
  title: string;
  artist: string;
  tempo_bpm: number | null;
  duration_s: number | null;
  position_s: number;
  playing: boolean;
  /** Chance, not the runner, chose to play this song now; null when nobody knows. */
  is_shuffled: boolean | null;
}

export interface QueuedSong {
  track_id: string;
  title: string;
  artist: string;
  tempo_bpm: number | null;
  duration_s: number | null;
}

export interface Welcome {
  type: 'welcome';
  protocol: number;
  workout_id: string;
  role: string;
  state: WorkoutState;
  settings: Settings;
  in_control: boolean;
}

export interface Live {
  type: 'live';
  status: Status | null;
  bridge: 'connected' | 'lost' | 'none';
  state: WorkoutState;
  settings: Settings;
  elapsed_s: number | null;
  song: SongReport | null;
  next_song: QueuedSong | null;
  /** Steps per minute of the song that plays, folded onto the runner's cadence. */
  beat_spm: number | null;
  beat_factor: number | null;
  lock: BeatLock | null;
  advice_reasons: string[];
  wanted_spm: Estimate | null;
  block: number | null;
  zone: number | null;
  /** Seconds of earlier runs from which steps and heart are known; 0 as the population is. */
  own_gait_s: number;
  own_heart_s: number;
  /** Whether this page, of several, is the one that leads. */
  controller: boolean;
}

export const HISTORY_COLUMNS = [
  'elapsed_s',
  'speed_kmh',
  'heart_rate_bpm',
  'cadence_spm',
  'beat_spm',
  'incline_pct',
] as const;
export type HistoryColumns = Record<(typeof HISTORY_COLUMNS)[number], (number | null)[]>;

export type FromServer =
  | Welcome
  | Live
  | { type: 'history'; columns: HistoryColumns }
  | { type: 'choose'; track_id: string }
  | { type: 'ended'; activity_id: string | null }
  | { type: 'pulse'; sent_ms: number; controller_age_s: number | null }
  | { type: 'problem'; code: string; detail: string };

export type FromRunner =
  | { type: 'hello'; protocol: number; role: 'runner' | 'watcher'; token: string }
  | { type: 'pulse_back'; sent_ms: number }
  | { type: 'stop' }
  | { type: 'nudge'; speed_kmh: number; incline_pct: number }
  | { type: 'goal'; settings: Settings }
  | ({ type: 'song' } & SongReport)
  | { type: 'queue'; songs: QueuedSong[] }
  | { type: 'finish' }
  | { type: 'take_control' };

/** Why the server closed a socket. */
export const CLOSED = {
  malformed: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  missing: 4404,
  silent: 4408,
  replaced: 4409,
  over: 4410,
} as const;

/** After these, connecting again would only end in the same way. */
const FINAL: readonly number[] = [
  CLOSED.malformed,
  CLOSED.forbidden,
  CLOSED.missing,
  CLOSED.replaced,
  CLOSED.over,
];

export const isFinal = (code: number): boolean => FINAL.includes(code);
