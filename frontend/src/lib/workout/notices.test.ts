import { describe, expect, it } from 'vitest';
import type { Live, Status } from '#lib/live/messages.ts';
import type { SocketState } from '#lib/live/socket.ts';
import { liveOf } from '#lib/live/fixture.ts';
import { t } from '#lib/i18n/index.ts';
import { noticesOf } from './notices.ts';

const live = (change: Partial<Status> = {}, around: Partial<Live> = {}) => liveOf(around, change);

const words = (of: Live | null, link: SocketState = 'open') =>
  noticesOf(of, link).map(({ text }) => text);

describe('notices', () => {
  it('are silent while all is well', () => {
    expect(words(live())).toEqual([]);
  });

  it('say first what cuts off everything else', () => {
    expect(words(live({ heart: 'lost' }), 'lost')).toEqual([t.live.notice.pageLost]);
    expect(words(live({ heart: 'lost' }), 'closed')).toEqual([t.live.notice.pageClosed]);
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

  it('say what to do where the treadmill cannot be reached, instead of looking for it', () => {
    const trouble = 'No Bluetooth adapter was found. Plug one in.';
    const text = t.live.notice.trouble(trouble);
    expect(text).toContain(trouble);
    expect(words(live({ treadmill: 'searching', trouble }))).toEqual([text]);
    expect(words(live({ treadmill: 'lost', trouble }))).toEqual([
      t.live.notice.treadmillLost,
      text,
    ]);
    expect(words(live({ treadmill: 'searching' }))).toEqual([t.live.notice.treadmillSearching]);
  });

  it('leave out advice that does not move the belt, and codes they do not know', () => {
    const around = { advice_reasons: ['near_ceiling', 'of_the_future'] };
    expect(words(live({}, around))).toEqual([t.live.advice.near_ceiling]);
    expect(words(live({ control: 'runner' }, around))).toEqual([]);
  });
});
