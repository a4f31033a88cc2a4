/** The values that travel over HTTP. Written by hand until they are made from openapi.json. */

export type Units = 'km' | 'mi';
export type ThemeChoice = 'system' | 'light' | 'dark';

export interface AuthState {
  this_computer: boolean;
  registration: boolean;
  demo: boolean;
  has_owner: boolean;
}

export interface Account {
  id: string;
  kind: 'owner' | 'member' | 'demo';
  display_name: string;
  email: string | null;
}

export interface Session {
  access_token: string;
  expires_in_s: number;
  account: Account;
}

export interface DemoSession extends Session {
  import_id: string | null;
}

export interface Profile extends Account {
  units: Units;
  theme: ThemeChoice;
  time_zone: string | null;
  map_style_url: string | null;
}

export type ProfileChange = Partial<
  Pick<Profile, 'display_name' | 'units' | 'theme' | 'time_zone' | 'map_style_url'>
>;

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Import {
  id: string;
  created_at: string;
  finished_at: string | null;
  state: 'queued' | 'running' | 'done' | 'failed';
  files_total: number;
  files_done: number;
  imported: number;
  already_there: number;
  refused: number;
  skipped: number;
  activities_added: number;
  listens_added: number;
  current: string | null;
  soundtracks_pending: number;
}

export type ImportFileKind =
  | 'fit'
  | 'gpx'
  | 'tcx'
  | 'zip'
  | 'strava_export'
  | 'spotify_extended'
  | 'spotify_account_data'
  | 'unknown';

export type ImportOutcome =
  'waiting' | 'opened' | 'imported' | 'already_there' | 'refused' | 'skipped';

export interface ImportFile {
  id: string;
  path: string;
  size_bytes: number;
  kind: ImportFileKind;
  outcome: ImportOutcome;
  reason: string | null;
  message: string | null;
  activity_ids: string[];
  listens_added: number | null;
}

export interface ActivitySummary {
  id: string;
  name: string;
  sport: string;
  is_indoor: boolean;
  started_at: string;
  utc_offset_s: number | null;
  elapsed_s: number;
  moving_s: number;
  distance_m: number | null;
  ascent_m: number | null;
  mean_speed_mps: number | null;
  grade_adjusted_speed_mps: number | null;
  mean_heart_rate_bpm: number | null;
  mean_cadence_spm: number | null;
  thumbnail: string | null;
  track_count: number;
}

export interface ActivityPage extends Page<ActivitySummary> {
  total: number;
}

export interface Lap {
  start_s: number;
  end_s: number;
  distance_m: number | null;
}

export interface Activity extends ActivitySummary {
  description: string | null;
  gear_name: string | null;
  device_name: string | null;
  max_heart_rate_bpm: number | null;
  descent_m: number | null;
  laps: Lap[];
  pauses: [number, number][];
  repairs: { code: string; count: number }[];
  recordings: { id: string; provenance: string; file_name: string; format: string }[];
  has_path: boolean;
}

export interface EncodedStreams {
  length_s: number;
  columns: Record<string, { scale: number; deltas: (number | null)[] }>;
}

export interface Track {
  id: string;
  title: string;
  artist: string;
  album: string | null;
  kind: 'music' | 'podcast' | 'audiobook';
  tempo_bpm: number | null;
}

export interface Span {
  ordinal: number;
  track_id: string | null;
  start_s: number;
  end_s: number;
  start_uncertainty_s: number;
  elapsed_s: number;
  moving_s: number;
  distance_m: number | null;
  speed_mps: number | null;
  grade_adjusted_speed_mps: number | null;
  heart_rate_bpm: number | null;
  heart_rate_lag_s: number;
  cadence_spm: number | null;
  grade_pct: number | null;
  tempo_bpm: number | null;
  in_step_pct: number | null;
}

export interface Listen {
  track_id: string;
  started_s: number;
  ended_s: number;
  uncertainty_s: number;
}

export interface Soundtrack {
  activity_id: string;
  computed_at: string | null;
  clock_offset_s: number;
  confidence: 'good' | 'fair' | 'poor' | 'none';
  confidence_reason: string;
  confidence_figures: Record<string, number>;
  spans: Span[];
  tracks: Track[];
  listens: Listen[];
}

export interface Totals {
  activities: number;
  distance_m: number;
  moving_s: number;
  ascent_m: number;
}

export interface Week {
  week_start: string;
  activities: number;
  distance_m: number;
  moving_s: number;
}

export interface Day {
  day: string;
  activities: number;
  distance_m: number;
}

export interface TopTrack {
  track: Track;
  runs: number;
  plays: number;
  moving_s: number;
  distance_m: number;
  mean_speed_mps: number | null;
  mean_cadence_spm: number | null;
}

export interface Home {
  totals: {
    all_time: Totals;
    this_year: Totals;
    last_28_days: Totals;
    previous_28_days: Totals;
  };
  weeks: Week[];
  days: Day[];
  recent: ActivitySummary[];
  top_tracks: TopTrack[];
  listens: number;
  activities: number;
  activities_with_music: number;
}

export interface Health {
  status: string;
  version: string;
}
