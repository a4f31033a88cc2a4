/** BeatRunner's own songs: for trying things out without a music library. */

import { compose, scoreLength_s, type Note, type Score } from './compose.ts';
import { sound } from './instruments.ts';
import type { Playing, Prepared, Song, Source } from './source.ts';

const NAME = 'generated';
const ARTIST = 'BeatRunner';
const ALBUM = 'Songs of Known Tempo';

/** Tempi a runner steps to one to one (150 to 190), at half tempo (75 to 95), or walks to. */
export const SCORES: Score[] = [
  { title: 'Even Steps', style: 'house', tempo_bpm: 166, root: 45, isMinor: true },
  { title: 'Paper Kites', style: 'pop', tempo_bpm: 162, root: 48, isMinor: false },
  { title: 'Second Wind', style: 'disco', tempo_bpm: 158, root: 50, isMinor: true },
  { title: 'Red Line', style: 'breaks', tempo_bpm: 174, root: 47, isMinor: true },
  { title: 'Long Shadows', style: 'boom-bap', tempo_bpm: 84, root: 46, isMinor: true },
  { title: 'Morning Belt', style: 'house', tempo_bpm: 152, root: 43, isMinor: false },
  { title: 'Last Kilometre', style: 'drive', tempo_bpm: 180, root: 45, isMinor: false },
  { title: 'Slow Lane', style: 'boom-bap', tempo_bpm: 76, root: 45, isMinor: true },
  { title: 'Tail Wind', style: 'breaks', tempo_bpm: 170, root: 52, isMinor: true },
  { title: 'Downhill', style: 'drive', tempo_bpm: 190, root: 47, isMinor: true },
  { title: 'Night Tram', style: 'house', tempo_bpm: 128, root: 48, isMinor: true },
  { title: 'Warm Feet', style: 'disco', tempo_bpm: 112, root: 43, isMinor: false },
  { title: 'Bridge Lights', style: 'pop', tempo_bpm: 140, root: 50, isMinor: true },
];

export const generatedSongs: Song[] = SCORES.map(({ title, tempo_bpm }) => ({
  key: `${NAME}:${title}`,
  source: NAME,
  title,
  artist: ARTIST,
  album: ALBUM,
  duration_s: scoreLength_s(tempo_bpm),
  tempo_bpm,
  tempoSource: NAME,
}));

export const generatedSource: Source = {
  name: NAME,
  prepare(song) {
    const score = SCORES.find(({ title }) => title === song.title);
    if (!score) return Promise.reject(new Error(`no score is called ${song.title}`));
    const notes = compose(score);
    const prepared: Prepared = {
      duration_s: scoreLength_s(score.tempo_bpm),
      start: (output, at_s, from_s) => new Performance(notes, output, at_s, from_s),
    };
    return Promise.resolve(prepared);
  },
};

class Performance implements Playing {
  #next: number;
  readonly #notes: Note[];
  readonly #output: AudioNode;
  /** The context's time at the song's second 0. */
  readonly #zero_s: number;

  constructor(notes: Note[], output: AudioNode, at_s: number, from_s: number) {
    this.#notes = notes;
    this.#output = output;
    this.#zero_s = at_s - from_s;
    const first = notes.findIndex((note) => note.at_s >= from_s);
    this.#next = first < 0 ? notes.length : first;
  }

  schedule(until_s: number): void {
    const now_s = this.#output.context.currentTime;
    for (; this.#next < this.#notes.length; this.#next++) {
      const note = this.#notes[this.#next];
      const at_s = this.#zero_s + note.at_s;
      if (at_s >= until_s) return;
      // After a page was frozen, what is past stays silent instead of sounding all at once.
      if (at_s >= now_s - 0.02) sound(this.#output, note, Math.max(at_s, now_s));
    }
  }

  end(): void {
    this.#next = this.#notes.length;
  }
}
