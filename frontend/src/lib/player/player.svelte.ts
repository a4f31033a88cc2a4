/**
 * BeatRunner's own player. It lives above the pages, so that music goes on while the runner looks
 * around. It sounds through one audio context, made on the first press of a button: browsers allow no
 * sound before.
 */

import { t } from '#lib/i18n/index.ts';
import type { SongReport, QueuedSong } from '#lib/live/messages.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import type { Beat } from './beat.ts';
import { Deck } from './deck.ts';
import { fileSource, isAudio, readSong } from './files.ts';
import { generatedSongs, generatedSource } from './generated.ts';
import { Library, type SongChange } from './library.ts';
import { TempoMeter } from './measuring.ts';
import { foundAmong, type Named } from './naming.ts';
import { below } from './chance.ts';
import * as order from './queue.ts';
import type { Prepared, Song, Source, TempoSource } from './source.ts';
import type { TrackRegister } from './tracks.ts';
import { Workbench } from './workbench.ts';

const TICK_MS = 200;
/** More would not fit into a message of the live wire. */
const MOST_TOLD = 200;

export type Shelf = 'generated' | 'files' | 'playlist';

export class Player {
  queue = $state.raw<order.Queue>(order.queueOf(generatedSongs));
  shelf = $state<Shelf>('generated');
  isPlaying = $state(false);
  position_s = $state(0);
  own = $state.raw<Song[]>([]);
  /** The songs of the playlist that was last queued, as far as they are in this browser. */
  playlist = $state.raw<Song[]>([]);
  /** Files still to be read. */
  reading = $state(0);
  /** Files still to be listened to for their tempo. */
  measuring = $state(0);

  /** What sounds has changed: another song, pause, another place in it. */
  onSound: () => void = () => undefined;
  /** The order of songs has changed, or something about one. */
  onQueue: () => void = () => undefined;
  onUnplayable: (song: Song) => void = () => undefined;

  readonly current = $derived(order.currentOf(this.queue));
  readonly next = $derived(order.nextOf(this.queue));
  /** Chance decided what comes. */
  readonly isShuffled = $derived(this.queue.byChance.size > 0);
  /** Chance or the runner decided the order, and nobody else changes it. */
  readonly keepsOrder = $derived(this.isShuffled || this.shelf === 'playlist');

  #context: AudioContext | null = null;
  #deck: Deck | null = null;
  #library: Library | null = null;
  #sources: Source[] = [generatedSource];
  readonly #workbench = new Workbench();
  #meter = new TempoMeter();
  #sounding: string | null = null;
  readonly #tracks: TrackRegister;

  constructor(tracks: TrackRegister) {
    this.#tracks = tracks;
  }

  /** Open the songs of an account; a second call for the same does nothing. */
  async enter(accountId: string): Promise<void> {
    if (!this.#tracks.enter(accountId)) return;
    this.#library?.close();
    this.#library = await Library.open(accountId);
    this.#sources = [generatedSource, fileSource(this.#library)];
    this.own = await this.#library.list();
    this.#meter = new TempoMeter();
    this.playlist = [];
    this.show(this.own.length > 0 ? 'files' : 'generated');
    this.#measure(this.own);
  }

  /** Play from the songs of one shelf; what sounds stops when it stands on the other. */
  show(shelf: Shelf): void {
    if (shelf === this.shelf && this.queue.songs.length > 0) return;
    this.shelf = shelf;
    this.#setQueue(order.queueOf(this.#onShelf));
  }

  /** Let chance decide the order of what is to come, or put the songs back into theirs. */
  shuffle(): void {
    this.#setQueue(
      this.isShuffled
        ? order.unshuffled(this.queue, this.#onShelf)
        : order.shuffled(this.queue, this.#sounding !== null, below),
    );
  }

  /** Queue these songs in this order, those of them that are in this browser. How many they are. */
  arrange(wanted: readonly Named[], isByChance = false): number {
    const songs = foundAmong([...this.own, ...generatedSongs], wanted);
    if (songs.length === 0) return 0;
    this.playlist = songs;
    this.shelf = 'playlist';
    this.#setQueue(order.queueOf(songs, isByChance));
    return songs.length;
  }

  /** How many of the files are songs. They play as soon as their tags are read. */
  async add(files: File[]): Promise<number> {
    const audio = files.filter(isAudio);
    this.reading += audio.length;
    let isKept = true;
    for (const file of audio) {
      try {
        const song = await readSong(file);
        isKept = ((await this.#library?.put(song, file)) ?? false) && isKept;
        this.own = order.withSongs(order.queueOf(this.own), [song]).songs.slice();
        if (this.shelf === 'files') this.#setQueue(order.withSongs(this.queue, [song]));
      } finally {
        this.reading--;
      }
    }
    if (audio.length > 0) this.show('files');
    this.#measure(this.own);
    if (isKept) void navigator.storage?.persist?.();
    else toasts.show(t.player.notKept, { tone: 'problem' });
    return audio.length;
  }

  /** To be called within a press of a button, the first time. */
  async play(): Promise<void> {
    const context = this.#open();
    await context.resume();
    this.#sync();
  }

  async pause(): Promise<void> {
    await this.#context?.suspend();
  }

  toggle = (): Promise<void> => (this.isPlaying ? this.pause() : this.play());

  /** End the music, as after a workout. */
  async stop(): Promise<void> {
    this.#deck?.stop();
    this.#sounding = null;
    this.position_s = 0;
    await this.pause();
  }

  step = (by: 1 | -1): void => this.#setQueue(order.stepped(this.queue, by));
  jump = (key: string): void => this.#setQueue(order.jumped(this.queue, key));
  move = (key: string, by: 1 | -1): void => this.#setQueue(order.moved(this.queue, key, by));
  pickNext = (key: string): void => this.#setQueue(order.withNext(this.queue, key, true));

  /** What the server would like to hear next; a pick of the runner stands. */
  choose(trackId: string): void {
    if (this.keepsOrder) return;
    const song = this.queue.songs.find(({ key }) => this.#tracks.idOf(key) === trackId);
    if (song && song !== this.next) this.#setQueue(order.withNext(this.queue, song.key, false));
  }

  async remove(song: Song): Promise<void> {
    this.#setQueue(order.without(this.queue, song.key));
    if (song.source !== 'files') return;
    this.own = this.own.filter(({ key }) => key !== song.key);
    this.playlist = this.playlist.filter(({ key }) => key !== song.key);
    await this.#library?.remove(song.key);
    this.#meter.forget(song.key);
    if (this.own.length === 0) this.show('generated');
  }

  async setTempo(song: Song, tempo_bpm: number, tempoSource: TempoSource): Promise<void> {
    await this.#change(song.key, { tempo_bpm, tempoSource, first_beat_s: null });
    await this.#tracks.setTempo(song.key, tempo_bpm, tempoSource);
  }

  async #change(key: string, change: SongChange): Promise<void> {
    this.own = order.changed(order.queueOf(this.own), key, change).songs.slice();
    this.#setQueue(order.changed(this.queue, key, change));
    this.onSound();
    await this.#library?.change(key, change);
  }

  /** Find out the tempo of those that have none, one after the other, while music plays on. */
  #measure(songs: Song[]): void {
    const library = this.#library;
    if (!library) return;
    for (const { key, tempo_bpm, isMeasured } of songs) {
      if (tempo_bpm !== null || isMeasured || !this.#meter.claim(key)) continue;
      this.measuring++;
      this.#meter
        .find(() => library.file(key))
        // A file that cannot be decoded says so when it is played.
        .catch(() => null)
        .then((beat) => (library === this.#library ? this.#measured(key, beat) : undefined))
        .catch((error: unknown) => toasts.showProblem(error))
        .finally(() => this.measuring--);
    }
  }

  async #measured(key: string, beat: Beat | null): Promise<void> {
    const song = this.own.find((one) => one.key === key);
    if (!song) return;
    // The runner may have said it meanwhile.
    const isWanted = beat !== null && song.tempo_bpm === null;
    const found = isWanted && { ...beat, tempoSource: 'analysis' as const };
    await this.#change(key, { isMeasured: true, ...found });
    if (isWanted) {
      await this.#tracks.setTempo(key, beat.tempo_bpm, 'analysis', beat.first_beat_s);
    }
  }

  /** What sounds, for the server. */
  report(): SongReport | null {
    const song = this.current;
    if (!song) return null;
    return {
      track_id: this.#tracks.idOf(song.key),
      title: song.title,
      artist: song.artist,
      tempo_bpm: song.tempo_bpm,
      duration_s: song.duration_s,
      position_s: this.#deck?.position_s ?? 0,
      playing: this.isPlaying,
      is_shuffled: this.queue.byChance.has(song.key),
    };
  }

  /**
   * What could come next, in order; of an order that stays the next song alone, as there is nothing
   * to choose. Songs the server has not met are introduced first.
   */
  async reportQueue(): Promise<QueuedSong[]> {
    const songs = order.upcoming(this.queue).slice(0, this.keepsOrder ? 1 : MOST_TOLD);
    const told: QueuedSong[] = [];
    for (const song of this.current ? [this.current, ...songs] : songs) {
      const track_id = await this.#tracks.register(song);
      if (song === this.current) continue;
      const { title, artist, tempo_bpm, duration_s } = song;
      told.push({ track_id, title, artist, tempo_bpm, duration_s });
    }
    return told;
  }

  get #onShelf(): readonly Song[] {
    return { generated: generatedSongs, files: this.own, playlist: this.playlist }[this.shelf];
  }

  #open(): AudioContext {
    if (this.#context) return this.#context;
    const context = new AudioContext();
    // Many voices at once must not clip.
    const output = new DynamicsCompressorNode(context, { threshold: -14, ratio: 6, release: 0.12 });
    output.connect(context.destination);
    this.#deck = new Deck(context, output);
    this.#deck.onAdvance = (song) => this.#advance(song);
    context.addEventListener('statechange', () => {
      this.isPlaying = context.state === 'running' && this.#sounding !== null;
      this.onSound();
    });
    setInterval(() => this.#tick(), TICK_MS);
    return (this.#context = context);
  }

  #tick(): void {
    if (this.#context?.state !== 'running') return;
    this.#deck?.tick();
    this.position_s = this.#deck?.position_s ?? 0;
  }

  #advance(song: Prepared | null): void {
    this.queue = order.stepped(this.queue, 1);
    this.#sounding = song ? (this.current?.key ?? null) : null;
    this.#sync();
    this.onSound();
    this.onQueue();
  }

  #setQueue(queue: order.Queue): void {
    if (queue === this.queue) return;
    this.queue = queue;
    this.#sync();
    this.onQueue();
  }

  /** Make what sounds, and what will sound, agree with the queue. */
  #sync(): void {
    const [current, next] = [this.current, this.next];
    this.#workbench.keep([current, next]);
    if (!this.#deck || this.#context?.state !== 'running') return;
    if (!current) {
      this.#deck.stop();
      this.#sounding = null;
      this.isPlaying = false;
    } else if (this.#sounding !== current.key) void this.#begin(current);
    else if (next) void this.#cue(next);
  }

  async #begin(song: Song): Promise<void> {
    this.#sounding = song.key;
    const prepared = await this.#prepare(song);
    if (this.#sounding !== song.key || !prepared) return;
    this.#deck?.play(prepared);
    this.isPlaying = this.#context?.state === 'running';
    this.position_s = 0;
    this.onSound();
    if (this.next) void this.#cue(this.next);
  }

  async #cue(song: Song): Promise<void> {
    const prepared = await this.#prepare(song);
    if (prepared && this.next === song && this.#sounding === this.current?.key) {
      this.#deck?.setNext(prepared);
    }
  }

  /** Null for a song that cannot be played; it leaves the queue. */
  async #prepare(song: Song): Promise<Prepared | null> {
    if (!this.#context) return null;
    try {
      return await this.#workbench.prepare(song, this.#sources, this.#context);
    } catch {
      this.onUnplayable(song);
      this.#setQueue(order.without(this.queue, song.key));
      return null;
    }
  }
}
