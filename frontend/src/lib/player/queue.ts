/** The order of songs: what plays now, what comes next. Plain values; the list goes round. */

import type { Song } from './source.ts';

export interface Queue {
  readonly songs: readonly Song[];
  /** Index of the song that plays or would; -1 without songs. */
  readonly at: number;
  /** The next song was picked by the runner: nobody else moves another before it. */
  readonly isNextPicked: boolean;
  /**
   * Keys of the songs that chance put where they are: their plays tell causes. What the runner puts
   * elsewhere, or goes to, is no longer among them. While there are any, nobody but the runner moves
   * a song. Skipping takes nothing away: the song was due all the same.
   */
  readonly byChance: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export const EMPTY: Queue = { songs: [], at: -1, isNextPicked: false, byChance: NONE };

export const queueOf = (songs: readonly Song[], isByChance = false): Queue => ({
  songs,
  at: songs.length > 0 ? 0 : -1,
  isNextPicked: false,
  byChance: isByChance ? keysOf(songs) : NONE,
});

/** In an order of chance. What `sounds` goes on, first; `below(n)` is any of 0 to n - 1. */
export function shuffled(queue: Queue, sounds: boolean, below: (n: number) => number): Queue {
  const first = sounds ? currentOf(queue) : null;
  const others = queue.songs.filter((song) => song !== first);
  // Fisher-Yates.
  for (let last = others.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [others[last], others[other]] = [others[other], others[last]];
  }
  const songs = first ? [first, ...others] : others;
  return { ...queueOf(songs), byChance: keysOf(others) };
}

/** In the order of `songs` again; what plays goes on. */
export const unshuffled = (queue: Queue, songs: readonly Song[]): Queue => ({
  ...queueOf(songs),
  at: Math.max(
    songs.length > 0 ? 0 : -1,
    songs.findIndex(({ key }) => key === currentOf(queue)?.key),
  ),
});

export const currentOf = ({ songs, at }: Queue): Song | null => songs[at] ?? null;

export const nextOf = ({ songs, at }: Queue): Song | null =>
  songs.length > 0 ? songs[(at + 1) % songs.length] : null;

/** What follows, from the next song all the way round to the present one. */
export const upcoming = ({ songs, at }: Queue): Song[] => [
  ...songs.slice(at + 1),
  ...songs.slice(0, Math.max(0, at)),
];

export function stepped(queue: Queue, by: 1 | -1): Queue {
  const { songs, at } = queue;
  if (songs.length === 0) return queue;
  const to = (at + by + songs.length) % songs.length;
  const byChance = by > 0 ? queue.byChance : chosen(queue, songs[to].key);
  return { songs, at: to, isNextPicked: false, byChance };
}

export const jumped = (queue: Queue, key: string): Queue => {
  const at = queue.songs.findIndex((song) => song.key === key);
  return at < 0 ? queue : { ...queue, at, isNextPicked: false, byChance: chosen(queue, key) };
};

/** A song moved to right after the present one. The present song cannot follow itself. */
export function withNext(queue: Queue, key: string, byRunner: boolean): Queue {
  const song = queue.songs.find((one) => one.key === key);
  const current = currentOf(queue);
  const isTheirs = byRunner || !(queue.isNextPicked || queue.byChance.size > 0);
  if (!song || !current || song === current || !isTheirs) return queue;
  const others = queue.songs.filter((one) => one !== song);
  const at = others.indexOf(current);
  const songs = others.toSpliced(at + 1, 0, song);
  return { songs, at, isNextPicked: byRunner, byChance: chosen(queue, key) };
}

/** A song moved up (-1) or down (1) by a place; what plays goes on playing. */
export function moved(queue: Queue, key: string, by: 1 | -1): Queue {
  const from = queue.songs.findIndex((song) => song.key === key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= queue.songs.length) return queue;
  const songs = queue.songs.toSpliced(from, 1).toSpliced(to, 0, queue.songs[from]);
  return { ...keeping(queue, songs, true), byChance: chosen(queue, key) };
}

/** Without a song. When it was the present one, the song after it takes its place. */
export function without(queue: Queue, key: string): Queue {
  const songs = queue.songs.filter((song) => song.key !== key);
  if (currentOf(queue)?.key !== key) return keeping(queue, songs, queue.isNextPicked);
  const at = songs.length === 0 ? -1 : queue.at % songs.length;
  return { ...queue, songs, at, isNextPicked: false };
}

export const withSongs = (queue: Queue, added: readonly Song[]): Queue => {
  const keys = new Set(queue.songs.map(({ key }) => key));
  const songs = [...queue.songs, ...added.filter(({ key }) => !keys.has(key))];
  return { ...queue, songs, at: songs.length > 0 ? Math.max(0, queue.at) : -1 };
};

/** A song with something changed about it. */
export const changed = (queue: Queue, key: string, change: Partial<Song>): Queue => ({
  ...queue,
  songs: queue.songs.map((song) => (song.key === key ? { ...song, ...change } : song)),
});

const keysOf = (songs: readonly Song[]): ReadonlySet<string> =>
  new Set(songs.map(({ key }) => key));

/** Those that chance still decides when the runner decides one. */
const chosen = ({ byChance }: Queue, key: string): ReadonlySet<string> =>
  byChance.has(key) ? new Set([...byChance].filter((other) => other !== key)) : byChance;

const keeping = (queue: Queue, songs: readonly Song[], isNextPicked: boolean): Queue => ({
  ...queue,
  songs,
  at: songs.findIndex((song) => song.key === currentOf(queue)?.key),
  isNextPicked,
});
