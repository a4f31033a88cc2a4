/** How a song's beat meets a runner's steps: at its own tempo, at half of it, or at its double. */

import { t } from '#lib/i18n/index.ts';

export interface Match {
  /** Steps to one beat. */
  stepsPerBeat: 0.5 | 1 | 2;
  /** The steps a minute that would be on the beat. */
  cadence_spm: number;
  isInStep: boolean;
}

/** As near as two tempi must be to be called the same; the server's figure. */
const SAME_WITHIN = 0.04;
const STEPS_PER_BEAT = [1, 2, 0.5] as const;

/** The octave of the tempo that is nearest to the cadence. */
export function matchOf(tempo_bpm: number, cadence_spm: number): Match {
  const distance = (stepsPerBeat: number) =>
    Math.abs(Math.log((tempo_bpm * stepsPerBeat) / cadence_spm));
  const stepsPerBeat = STEPS_PER_BEAT.toSorted((a, b) => distance(a) - distance(b))[0];
  return {
    stepsPerBeat,
    cadence_spm: tempo_bpm * stepsPerBeat,
    isInStep: distance(stepsPerBeat) <= Math.log(1 + SAME_WITHIN),
  };
}

/** How a song meets a runner's usual steps, in a sentence. */
export function matchWords(tempo_bpm: number, usual_spm: number): string {
  const { stepsPerBeat, cadence_spm, isInStep } = matchOf(tempo_bpm, usual_spm);
  const words = t.music.song.match;
  const told = !isInStep
    ? words.not
    : { 0.5: words.half, 1: words.one, 2: words.two }[stepsPerBeat];
  return told(cadence_spm.toFixed(0), usual_spm.toFixed(0));
}
