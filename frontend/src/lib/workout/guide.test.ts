import { describe, expect, it } from 'vitest';
import type { Live, Status } from '#lib/live/messages.ts';
import { liveOf } from '#lib/live/fixture.ts';
import { t } from '#lib/i18n/index.ts';
import { guideOf } from './guide.ts';

const GAIN = '0.5 km/h';
const words = t.live.guide;

const guide = (around: Partial<Live>, change: Partial<Status> = {}, isHere = true) =>
  guideOf(liveOf({ beat_spm: 166, lock: 'approaching', ...around }, change), isHere, GAIN);

describe('the guide', () => {
  it('says to hold the button while the steps are slower than the beat', () => {
    const slow = guide({}, { cadence_spm: 120 });
    expect(slow).toMatchObject({ text: words.belowBeat, isHold: true });
    expect(slow?.why).toBe(words.hold(GAIN));
    expect(guide({}, { cadence_spm: 120 }, false)?.why).toBe(words.holdAway(GAIN));
    expect(guide({ lock: 'off_beat' }, { cadence_spm: 150 })?.isHold).toBe(true);
  });

  it('does not ask for what the governor would refuse', () => {
    expect(guide({}, { cadence_spm: 120, heart_fit: false })?.isHold).toBe(false);
    expect(guide({ lock: 'broken_for_heart' }, { cadence_spm: 120 })).toMatchObject({
      text: t.live.beatLock.broken_for_heart,
      isHold: false,
    });
  });

  it('tells the beat reached from the beat missed', () => {
    expect(guide({ lock: 'on_beat' }, { cadence_spm: 166 })).toEqual({
      text: t.live.beatLock.on_beat,
      why: '',
      tone: 'good',
      isHold: false,
    });
    expect(guide({}, { cadence_spm: 172 })?.text).toBe(words.slower);
    expect(guide({ lock: 'off_beat' }, { cadence_spm: 172 })?.why).toBe(words.learning);
  });

  it('says what is missing of the music', () => {
    expect(guide({ lock: 'no_song', beat_spm: null })?.why).toBe(words.noSong);
    expect(guide({ lock: 'no_tempo', beat_spm: null })?.why).toBe(words.noTempo);
  });

  it('blames the song alone only for a runner whose steps are known', () => {
    const unfit = { lock: 'not_reachable', beat_spm: null } as const;
    expect(guide({ ...unfit, own_gait_s: 600 })?.text).toBe(t.live.beatLock.not_reachable);
    expect(guide(unfit)).toMatchObject({ text: words.fewStepSo, why: words.fewStepSoWhy });
    expect(words.fewStepSoWhy).toContain('Tap');
    // The treadmill's limits are the same for everybody.
    expect(guide({ ...unfit, beat_spm: 190 })?.text).toBe(t.live.beatLock.not_reachable);
  });

  it('shows the way back after the console took over, unless the runner leads by choice', () => {
    expect(guide({}, { shown: 'console' })).toMatchObject({ text: words.handOver, isHold: true });
    const { settings } = liveOf();
    const manual = { ...settings, mode: 'manual' as const };
    expect(guide({ settings: manual }, { shown: 'manual' })).toBeNull();
  });

  it('leads to the heart rate where the heart leads', () => {
    const { settings } = liveOf();
    const heart = { ...settings, mode: 'heart' as const, target_low_bpm: 135 };
    const led = { settings: heart, lock: 'not_wanted' as const };
    expect(guide(led, { heart_rate_bpm: 110 })?.text).toBe(words.belowHeart);
    expect(guide(led, { heart_rate_bpm: 140 })).toBeNull();
    expect(guide(led, { heart_rate_bpm: 110, heart_fit: false })).toBeNull();
  });

  it('says why the belt slows down', () => {
    const slowing = { shown: 'slowing' as const, reasons: ['heart_ceiling'] };
    expect(guide({}, slowing)).toMatchObject({ text: words.atCeiling, tone: 'warn' });
    expect(guide({}, { ...slowing, reasons: [] })).toBeNull();
  });

  it('is silent while the belt stands or is out of sight', () => {
    expect(guide({}, { shown: 'stopped' })).toBeNull();
    expect(guide({}, { shown: 'unknown' })).toBeNull();
    expect(guideOf(null, true, GAIN)).toBeNull();
  });
});
