/** What the runner should do now, in a few words, while the belt moves. */

import { t } from '#lib/i18n/index.ts';
import type { Live, Status } from '#lib/live/messages.ts';

export interface Guide {
  text: string;
  why: string;
  tone: 'good' | 'warn' | 'plain';
  /** Holding the button beside the belt is what helps. */
  isHold: boolean;
}

/** As far below the beat as this, more speed is what is missing. As in the server's own judgement. */
const ON_BEAT = 0.02;

/**
 * Null when there is nothing to say: the belt stands, or the runner leads by choice.
 * `gain` is what the belt gains by itself in 15 seconds, in words; `isHere` is false where the button
 * is on another computer.
 */
export function guideOf(live: Live | null, isHere: boolean, gain: string): Guide | null {
  const status = live?.status;
  if (!live || !status) return null;
  const words = t.live.guide;
  if (status.shown === 'console' || status.shown === 'manual') {
    if (live.settings.mode === 'manual') return null;
    return say(words.handOver, isHere ? words.handOverWhy : words.handOverWhyAway, 'plain', true);
  }
  if (status.shown === 'slowing' && status.reasons.includes('heart_ceiling'))
    return say(words.atCeiling, words.forHeart, 'warn');
  if (status.shown !== 'automatic') return null;
  if (live.lock === null || live.lock === 'not_wanted')
    return heartGuide(live, status, isHere, gain);
  return beatGuide(live, status, isHere, gain);
}

function beatGuide(live: Live, status: Status, isHere: boolean, gain: string): Guide | null {
  const words = t.live.guide;
  const lock = live.lock ?? 'not_wanted';
  const text = t.live.beatLock[lock];
  switch (lock) {
    case 'on_beat':
      return say(text, '', 'good');
    case 'no_song':
      return say(text, words.noSong, 'warn');
    case 'no_tempo':
      return say(text, words.noTempo, 'warn');
    case 'not_reachable':
      // Without a beat it is the steps that do not fit; a runner's that are not known yet are those of
      // most people.
      return live.own_gait_s === 0 && live.beat_spm === null
        ? say(words.fewStepSo, words.fewStepSoWhy, 'warn')
        : say(text, words.notReachable, 'warn');
    case 'broken_for_heart':
      return say(text, words.forHeart, 'warn');
    default:
  }
  const [steps_spm, beat_spm] = [status.cadence_spm, live.beat_spm];
  if (steps_spm === null || beat_spm === null) return say(text, '', 'plain');
  if (steps_spm < beat_spm * (1 - ON_BEAT) && status.heart_fit)
    return say(words.belowBeat, (isHere ? words.hold : words.holdAway)(gain), 'plain', true);
  if (steps_spm > beat_spm * (1 + ON_BEAT) && lock === 'approaching')
    return say(words.slower, '', 'plain');
  return say(text, lock === 'off_beat' ? words.learning : '', 'plain');
}

function heartGuide(live: Live, status: Status, isHere: boolean, gain: string): Guide | null {
  const words = t.live.guide;
  const low_bpm =
    (live.block === null ? null : live.settings.blocks[live.block]?.target_low_bpm) ??
    live.settings.target_low_bpm;
  if (low_bpm === null || !status.heart_fit || status.heart_rate_bpm === null) return null;
  if (status.heart_rate_bpm >= low_bpm) return null;
  return say(words.belowHeart, (isHere ? words.hold : words.holdAway)(gain), 'plain', true);
}

const say = (text: string, why: string, tone: Guide['tone'], isHold = false): Guide => ({
  text,
  why,
  tone,
  isHold,
});
