/** A workout under way, as the server tells it: for tests. Every field that the pages know is here. */

import type { Block, Live, QueuedSong, SongReport, Status } from './messages.ts';

export const status: Status = {
  shown: 'automatic',
  alarm: null,
  lock: null,
  reasons: [],
  control: 'automation',
  treadmill: 'connected',
  heart: 'connected',
  pod: 'connected',
  heart_fit: true,
  speed_kmh: 9,
  incline_pct: 1,
  heart_rate_bpm: 140,
  cadence_spm: 165,
  asked_kmh: 9,
  asked_incline_pct: 1,
  elapsed_s: 60,
  distance_m: 100,
  treadmill_name: 'Belt',
  is_calibrated: true,
  page_url: null,
  trouble: null,
};

export const song: SongReport = {
  track_id: null,
  title: 'Even Steps',
  artist: 'BeatRunner',
  tempo_bpm: 166,
  duration_s: 120,
  position_s: 30,
  playing: true,
  is_shuffled: false,
};

export const queued: QueuedSong = {
  track_id: '7',
  title: 'Paper Kites',
  artist: 'BeatRunner',
  tempo_bpm: 162,
  duration_s: 120,
};

export const block: Block = {
  kind: 'work',
  duration_s: 180,
  target_low_bpm: null,
  target_high_bpm: null,
  speed_kmh: null,
  cadence_spm: null,
};

export const live: Live = {
  type: 'live',
  status,
  bridge: 'connected',
  state: 'live',
  settings: {
    mode: 'beat',
    speed_kmh: null,
    target_low_bpm: null,
    target_high_bpm: null,
    ceiling_bpm: null,
    max_speed_kmh: null,
    max_incline_pct: null,
    blocks: [],
  },
  elapsed_s: 60,
  song: null,
  next_song: null,
  beat_spm: null,
  beat_factor: null,
  lock: null,
  advice_reasons: [],
  wanted_spm: null,
  block: null,
  zone: null,
  own_gait_s: 0,
  own_heart_s: 0,
  controller: true,
};

export const liveOf = (around: Partial<Live> = {}, change: Partial<Status> = {}): Live => ({
  ...live,
  status: { ...status, ...change },
  ...around,
});
