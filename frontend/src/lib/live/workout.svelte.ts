/** A workout as a page sees it: what the socket last said, and what the runner may do. */

import { emptyHistory, withNow } from './history.ts';
import {
  type FromServer,
  type HistoryColumns,
  type Live,
  type QueuedSong,
  type Settings,
  type SongReport,
} from './messages.ts';
import { LiveSocket, type SocketParts, type SocketState } from './socket.ts';

/** After Stop the belt must be seen to slow within this time, or the page says so. */
const STOP_SEEN_MS = 3000;

export class LiveWorkout {
  link = $state<SocketState>('connecting');
  /** Why the server closed for good. */
  closedBy = $state<number | null>(null);
  live = $state.raw<Live | null>(null);
  /** Whether this page, of several, is the one that leads. */
  isInControl = $state(false);
  history = $state.raw<HistoryColumns>(emptyHistory());
  /** Set when the workout is over; the activity follows when it is sealed. */
  ended = $state.raw<{ activity_id: string | null } | null>(null);
  stop = $state<'none' | 'asked' | 'unheard'>('none');

  /** The server wants this song played next. */
  onChoose: (trackId: string) => void = () => undefined;
  /** Something that was asked for was not done. */
  onProblem: (code: string, detail: string) => void = () => undefined;
  /** Let in, for the first time or again: tell what the server cannot know. */
  onEnter: () => void = () => undefined;

  readonly #socket: LiveSocket;
  readonly #stopByRequest: () => Promise<unknown>;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  /** `stopByRequest` stops the belt another way, for when the socket is broken. */
  constructor(url: string, parts: SocketParts, stopByRequest: () => Promise<unknown>) {
    this.#stopByRequest = stopByRequest;
    this.#socket = new LiveSocket(url, parts);
    this.#socket.onState = (state, code) => {
      this.link = state;
      if (state === 'closed') this.closedBy = code;
    };
    this.#socket.onMessage = (message) => this.#take(message);
  }

  connect(): void {
    this.closedBy = null;
    this.#socket.connect();
  }

  close(): void {
    clearTimeout(this.#stopTimer);
    this.#socket.close();
  }

  /** Stop goes every way there is. Whether the belt obeyed is seen, not assumed. */
  stopBelt(): void {
    this.stop = 'asked';
    clearTimeout(this.#stopTimer);
    this.#stopTimer = setTimeout(() => (this.stop = 'unheard'), STOP_SEEN_MS);
    this.#socket.send({ type: 'stop' });
    this.#stopByRequest().catch(() => undefined);
  }

  nudge(speed_kmh: number, incline_pct: number): boolean {
    return this.#socket.send({ type: 'nudge', speed_kmh, incline_pct });
  }

  aim(settings: Settings): boolean {
    return this.#socket.send({ type: 'goal', settings });
  }

  tellSong(song: SongReport): boolean {
    return this.#socket.send({ type: 'song', ...song });
  }

  tellQueue(songs: QueuedSong[]): boolean {
    return this.#socket.send({ type: 'queue', songs });
  }

  finish(): boolean {
    return this.#socket.send({ type: 'finish' });
  }

  takeControl(): void {
    this.#socket.send({ type: 'take_control' });
  }

  #take(message: FromServer): void {
    switch (message.type) {
      case 'welcome':
        this.isInControl = message.in_control;
        this.onEnter();
        break;
      case 'history':
        this.history = message.columns;
        break;
      case 'live':
        this.live = message;
        this.isInControl = message.controller;
        this.history = withNow(this.history, message);
        this.#seeStop(message);
        break;
      case 'choose':
        this.onChoose(message.track_id);
        break;
      case 'ended':
        this.ended = { activity_id: message.activity_id };
        break;
      case 'problem':
        this.onProblem(message.code, message.detail);
        break;
    }
  }

  #seeStop({ status, bridge }: Live): void {
    if (this.stop === 'none' || bridge !== 'connected') return;
    const isHeard = status?.shown === 'stopping' || status?.shown === 'stopped';
    if (!isHeard) return;
    clearTimeout(this.#stopTimer);
    this.stop = 'none';
  }
}
