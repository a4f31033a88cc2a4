import { describe, expect, it } from 'vitest';
import type { Live, Status } from '#lib/live/messages.ts';
import { t } from '#lib/i18n/index.ts';
import { noticesOf } from './notices.ts';
import { settingsFor } from './settings.ts';

const status: Status = {
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
};

const live = (change: Partial<Status> = {}, around: Partial<Live> = {}): Live => ({
  type: 'live',
  status: { ...status, ...change },
  bridge: 'connected',
  state: 'live',
  settings: settingsFor('beat'),
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
  controller: true,
  ...around,
});

const words = (of: Live | null, link: 'open' | 'lost' = 'open') =>
  noticesOf(of, link).map(({ text }) => text);

describe('notices', () => {
  it('are silent while all is well', () => {
    expect(words(live())).toEqual([]);
  });

  it('say first what cuts off everything else', () => {
    expect(words(live({ heart: 'lost' }), 'lost')).toEqual([t.live.notice.pageLost]);
    expect(words(live({ heart: 'lost' }, { bridge: 'lost' }))).toEqual([t.live.notice.bridgeLost]);
    expect(words(live({}, { status: null, bridge: 'none' }))).toEqual([t.live.notice.bridgeNone]);
  });

  it('say once what a lost strap means', () => {
    expect(words(live({ heart: 'lost', heart_fit: false, reasons: ['heart_unfit'] }))).toEqual([
      t.live.notice.heartLost,
    ]);
    expect(words(live({ heart: 'none' }))[0]).toContain('will not rise by itself');
    expect(words(live({ heart_fit: false }))).toEqual([t.live.notice.heartUnfit]);
  });

  it('put the belt before the sensors', () => {
    expect(words(live({ lock: 'wrong_way', pod: 'lost' }))).toEqual([
      t.live.beltLock.wrong_way,
      t.live.notice.podLost,
    ]);
  });

  it('leave out advice that does not move the belt, and codes they do not know', () => {
    const around = { advice_reasons: ['near_ceiling', 'of_the_future'] };
    expect(words(live({}, around))).toEqual([t.live.advice.near_ceiling]);
    expect(words(live({ control: 'runner' }, around))).toEqual([]);
  });
});
