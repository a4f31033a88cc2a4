/**
 * Plays one song after the other on the clock of an audio context.
 *
 * The next song is started while the present one still sounds, on the very sample where that ends, so
 * there is no gap. Pausing stops the clock itself, and with it everything that was scheduled.
 */

import type { Playing, Prepared } from './source.ts';

/** Hidden pages wake up once a second: what sounds until well after that is committed ahead. */
const AHEAD_S = 2.5;
const FADE_S = 0.03;
const START_S = 0.06;

/** What is used of an AudioContext. */
export type DeckContext = Pick<
  AudioContext,
  'currentTime' | 'state' | 'createGain' | 'destination' | 'suspend' | 'resume'
>;

interface Sounding {
  song: Prepared;
  playing: Playing;
  gain: GainNode;
  /** The context's time at the song's second 0, and at its end. */
  zero_s: number;
  end_s: number;
}

export class Deck {
  /** The next song has begun to sound, or there was none: null. */
  onAdvance: (song: Prepared | null) => void = () => undefined;

  #now: Sounding | null = null;
  #following: Sounding | null = null;
  #next: Prepared | null = null;
  readonly #context: DeckContext;
  readonly #output: AudioNode;

  constructor(context: DeckContext, output: AudioNode = context.destination) {
    this.#context = context;
    this.#output = output;
  }

  get position_s(): number {
    if (!this.#now) return 0;
    const position_s = this.#context.currentTime - this.#now.zero_s;
    return Math.min(this.#now.song.duration_s, Math.max(0, position_s));
  }

  /** Play a song at once, in place of whatever sounds. */
  play(song: Prepared, from_s = 0): void {
    this.stop();
    this.#now = this.#start(song, this.#context.currentTime + START_S, from_s);
    this.tick();
  }

  /** What follows without a gap; it may be changed until it begins to sound. */
  setNext(song: Prepared | null): void {
    this.#next = song;
    if (this.#following && this.#following.song !== song) {
      this.#end(this.#following);
      this.#following = null;
    }
  }

  stop(): void {
    for (const one of [this.#now, this.#following]) if (one) this.#end(one);
    this.#now = this.#following = this.#next = null;
  }

  /** To be called a few times a second. */
  tick(): void {
    const now_s = this.#context.currentTime;
    if (!this.#now) return;
    if (now_s >= this.#now.end_s) this.#advance();
    if (!this.#now) return;
    this.#now.playing.schedule(now_s + AHEAD_S);
    if (this.#next && !this.#following && this.#now.end_s - now_s < AHEAD_S) {
      this.#following = this.#start(this.#next, this.#now.end_s, 0);
    }
    this.#following?.playing.schedule(now_s + AHEAD_S);
  }

  #advance(): void {
    const [before, following] = [this.#now, this.#following];
    this.#now = following;
    this.#following = this.#next = null;
    if (before) this.#end(before);
    this.onAdvance(following?.song ?? null);
  }

  #start(song: Prepared, at_s: number, from_s: number): Sounding {
    const gain = this.#context.createGain();
    gain.connect(this.#output);
    const zero_s = at_s - from_s;
    const playing = song.start(gain, at_s, from_s);
    return { song, playing, gain, zero_s, end_s: zero_s + song.duration_s };
  }

  #end({ playing, gain, end_s }: Sounding): void {
    const now_s = this.#context.currentTime;
    playing.end();
    // A song at its end has its last echo; one that is cut short fades, for a cut would click.
    if (now_s < end_s) gain.gain.setTargetAtTime(0, now_s, FADE_S / 3);
    setTimeout(() => gain.disconnect(), now_s < end_s ? 8 * FADE_S * 1000 : 1000);
  }
}
