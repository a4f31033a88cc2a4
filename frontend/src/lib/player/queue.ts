/** The order of songs: what plays now, what comes next. Plain values; the list goes round. */

import type { Song } from './source.ts';

export interface Queue {
  readonly songs: readonly Song[];
  /** Index of the song that plays or would; -1 without songs. */
  readonly at: number;
  /** The next song was picked by the runner: nobody else moves another before it. */
  readonly isNextPicked: boolean;
}

export const EMPTY: Queue = { songs: [], at: -1, isNextPicked: false };

export const queueOf = (songs: readonly Song[]): Queue => ({
  songs,
  at: songs.length > 0 ? 0 : -1,
  isNextPicked: false,
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
  return { songs, at: (at + by + songs.length) % songs.length, isNextPicked: false };
}

export const jumped = (queue: Queue, key: string): Queue => {
  const at = queue.songs.findIndex((song) => song.key === key);
  return at < 0 ? queue : { ...queue, at, isNextPicked: false };
};

/** A song moved to right after the present one. The present song cannot follow itself. */
export function withNext(queue: Queue, key: string, byRunner: boolean): Queue {
  const song = queue.songs.find((one) => one.key === key);
  const current = currentOf(queue);
  if (!song || !current || song === current || (queue.isNextPicked && !byRunner)) return queue;
  const others = queue.songs.filter((one) => one !== song);
  const at = others.indexOf(current);
  return { songs: others.toSpliced(at + 1, 0, song), at, isNextPicked: byRunner };
}

/** A song moved up (-1) or down (1) by a place; what plays goes on playing. */
export function moved(queue: Queue, key: string, by: 1 | -1): Queue {
  const from = queue.songs.findIndex((song) => song.key === key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= queue.songs.length) return queue;
  const songs = queue.songs.toSpliced(from, 1).toSpliced(to, 0, queue.songs[from]);
  return keeping(queue, songs, true);
}

/** Without a song. When it was the present one, the song after it takes its place. */
export function without(queue: Queue, key: string): Queue {
  const songs = queue.songs.filter((song) => song.key !== key);
  if (currentOf(queue)?.key !== key) return keeping(queue, songs, queue.isNextPicked);
  const at = songs.length === 0 ? -1 : queue.at % songs.length;
  return { songs, at, isNextPicked: false };
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

const keeping = (queue: Queue, songs: readonly Song[], isNextPicked: boolean): Queue => ({
  songs,
  at: songs.findIndex((song) => song.key === currentOf(queue)?.key),
  isNextPicked,
});
