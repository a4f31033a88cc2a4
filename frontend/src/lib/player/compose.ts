/**
 * Songs made of numbers: a style, a key and a tempo become notes on a grid of sixteenths.
 *
 * They are the demo's music, and the only music whose tempo is known without any doubt: every kick
 * drum falls on the beat exactly. The same song is the same notes every time. A song has an even
 * number of bars and ends on a bar line, so that the next can follow without a gap.
 */

export type Style = 'boom-bap' | 'disco' | 'house' | 'pop' | 'breaks' | 'drive';
export type Part = 'kick' | 'snare' | 'hat' | 'open-hat' | 'bass' | 'chord' | 'lead';

export interface Note {
  part: Part;
  at_s: number;
  duration_s: number;
  /** 0 for drums. */
  frequency_hz: number;
  /** 0 to 1. */
  strength: number;
}

export interface Score {
  title: string;
  style: Style;
  tempo_bpm: number;
  /** MIDI number of the key note, around 45 to 57. */
  root: number;
  isMinor: boolean;
}

const BEATS = 4;
const STEPS = 16;
const ABOUT_S = 120;
const INTRO_BARS = 4;
/** After the intro, verse, chorus and break take turns until the last four bars. */
const ROUND: Section[] = [
  ...Array<Section>(8).fill('verse'),
  ...Array<Section>(8).fill('chorus'),
  ...Array<Section>(4).fill('break'),
];

type Section = 'intro' | 'verse' | 'chorus' | 'break' | 'outro';

/** Which parts sound in which section; the beat itself never stops. */
const SOUNDING: Record<Section, Part[]> = {
  intro: ['kick', 'snare', 'hat', 'bass'],
  verse: ['kick', 'snare', 'hat', 'open-hat', 'bass', 'chord'],
  chorus: ['kick', 'snare', 'hat', 'open-hat', 'bass', 'chord', 'lead'],
  break: ['kick', 'hat', 'chord', 'lead'],
  outro: ['kick', 'snare', 'hat', 'chord', 'bass'],
};

/** One bar, a character a sixteenth: X loud, x soft, - rest. */
const DRUMS: Record<Style, Partial<Record<Part, string>>> = {
  'boom-bap': { kick: 'X------x-xX-----', snare: '----X-------X--x', hat: 'x-x-x-x-x-x-x-x-' },
  disco: {
    kick: 'X---X---X---X---',
    snare: '----X-------X---',
    hat: 'x-x-x-x-x-x-x-x-',
    'open-hat': '--x---x---x---x-',
  },
  house: {
    kick: 'X---X---X---X---',
    snare: '----X-------X---',
    hat: 'xxxxxxxxxxxxxxxx',
    'open-hat': '--X---X---X---X-',
  },
  pop: { kick: 'X---x---X-x-x---', snare: '----X-------X---', hat: 'X-x-X-x-X-x-X-x-' },
  breaks: { kick: 'X---x-----X-x---', snare: '----X--x-x--X---', hat: 'X-x-X-x-X-x-X-xx' },
  drive: { kick: 'X---x---X-x-x---', snare: '----X-------X---', hat: 'X---X---X---X---' },
};

const BASS: Record<Style, string> = {
  'boom-bap': 'X-----x---X--x--',
  disco: 'X-x-x-x-X-x-x-x-',
  house: '--X---X---X---X-',
  pop: 'X--x--x-X--x--x-',
  breaks: 'X-------x-x-----',
  drive: 'X-x-x-x-X-x-x-x-',
};

const CHORDS: Record<Style, string> = {
  'boom-bap': 'X-------x-------',
  disco: '--x---x---x---x-',
  house: 'X--x--x---x--x--',
  pop: 'X---------------',
  breaks: 'X---------------',
  drive: 'X---x---x---x---',
};

/** Degrees of the scale, a bar each. */
const MINOR = [0, 5, 2, 6];
const MAJOR = [0, 4, 5, 3];
const MINOR_SCALE = [0, 2, 3, 5, 7, 8, 10];
const MAJOR_SCALE = [0, 2, 4, 5, 7, 9, 11];

export const barLength_s = (tempo_bpm: number): number => (BEATS * 60) / tempo_bpm;

/** Whole groups of four bars, near two minutes. */
export const barCount = (tempo_bpm: number): number =>
  4 * Math.round(ABOUT_S / barLength_s(tempo_bpm) / 4);

export const scoreLength_s = (tempo_bpm: number): number =>
  barCount(tempo_bpm) * barLength_s(tempo_bpm);

/** All notes of a score, in the order of their time. */
export function compose(score: Score): Note[] {
  const bars = barCount(score.tempo_bpm);
  const melody = melodyOf(score);
  const notes: Note[] = [];
  for (let bar = 0; bar < bars; bar++) {
    const sounding = SOUNDING[sectionOf(bar, bars)];
    const start_s = bar * barLength_s(score.tempo_bpm);
    for (const note of barOf(score, bar, melody)) {
      if (sounding.includes(note.part)) notes.push({ ...note, at_s: start_s + note.at_s });
    }
  }
  return notes.sort((a, b) => a.at_s - b.at_s);
}

export function sectionOf(bar: number, bars: number): Section {
  if (bar < INTRO_BARS) return 'intro';
  if (bar >= bars - 4) return 'outro';
  return ROUND[(bar - INTRO_BARS) % ROUND.length];
}

function* barOf(score: Score, bar: number, melody: (number | null)[]): Generator<Note> {
  const step_s = barLength_s(score.tempo_bpm) / STEPS;
  const degree = (score.isMinor ? MINOR : MAJOR)[bar % 4];
  const pitch = (of: number) => frequencyOf(score, of);
  for (let step = 0; step < STEPS; step++) {
    const at_s = step * step_s;
    const on = (pattern: string | undefined) => STRENGTH[pattern?.[step] ?? '-'];
    for (const part of ['kick', 'snare', 'hat', 'open-hat'] as const) {
      const strength = on(DRUMS[score.style][part]);
      if (strength > 0) yield { part, at_s, duration_s: step_s, frequency_hz: 0, strength };
    }
    const bass = on(BASS[score.style]);
    if (bass > 0) {
      const frequency_hz = pitch(degree - 7);
      const duration_s = rest(BASS[score.style], step) * step_s * 0.9;
      yield { part: 'bass', at_s, duration_s, frequency_hz, strength: bass };
    }
    const chord = on(CHORDS[score.style]);
    if (chord > 0) {
      const duration_s = Math.min(rest(CHORDS[score.style], step), 14) * step_s * 0.95;
      for (const third of [0, 2, 4]) {
        const frequency_hz = pitch(degree + third + 7);
        yield { part: 'chord', at_s, duration_s, frequency_hz, strength: chord };
      }
    }
    const sung = melody[(bar % 4) * STEPS + step];
    if (sung !== null) {
      const frequency_hz = pitch(sung + 14);
      yield { part: 'lead', at_s, duration_s: step_s * 1.8, frequency_hz, strength: 0.8 };
    }
  }
}

const STRENGTH: Record<string, number> = { X: 1, x: 0.6, '-': 0 };

/** Steps from one note of a pattern to its next. */
function rest(pattern: string, step: number): number {
  const next = pattern.slice(step + 1).search(/[Xx]/);
  return next < 0 ? STEPS - step : next + 1;
}

/** A tune of four bars: chord notes on the beats, small steps between, a breath at the end. */
function melodyOf(score: Score): (number | null)[] {
  const random = randomFrom(score.title);
  const rhythm = Array.from({ length: STEPS }, (_, i) =>
    i % 4 === 0 ? random() < 0.8 : i % 2 === 0 && random() < 0.45,
  );
  let at = 0;
  return Array.from({ length: 4 * STEPS }, (_, i) => {
    const [bar, step] = [Math.floor(i / STEPS), i % STEPS];
    if (!rhythm[step] || (bar === 3 && step >= 12)) return null;
    const degree = (score.isMinor ? MINOR : MAJOR)[bar];
    if (step % 8 === 0)
      at = nearest(
        at,
        [0, 2, 4].map((third) => degree + third),
      );
    else at += Math.round(random() * 4) - 2;
    return Math.max(-2, Math.min(9, at));
  });
}

/** The chord note, in any octave, with the least way to go. */
function nearest(at: number, degrees: number[]): number {
  const reachable = degrees.flatMap((degree) => [degree - 7, degree, degree + 7]);
  return reachable.reduce((best, one) => (Math.abs(one - at) < Math.abs(best - at) ? one : best));
}

function frequencyOf({ root, isMinor }: Score, degree: number): number {
  const scale = isMinor ? MINOR_SCALE : MAJOR_SCALE;
  const octave = Math.floor(degree / 7);
  const midi = root + octave * 12 + scale[degree - octave * 7];
  return 440 * 2 ** ((midi - 69) / 12);
}

/** Numbers from 0 to 1 that are the same for the same text (mulberry32). */
export function randomFrom(text: string): () => number {
  let state = [...text].reduce(
    (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619),
    1,
  );
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
