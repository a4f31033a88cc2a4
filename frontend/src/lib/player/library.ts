/**
 * The runner's own songs, kept in this browser for the next visit: the files and what is known of them.
 *
 * The files are copied into IndexedDB. A handle to the original would save the room, but browsers ask
 * for permission again for each, and phones have no handles at all.
 */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Song } from './source.ts';

/** What may become known of a song later. */
export type SongChange = Partial<
  Pick<Song, 'tempo_bpm' | 'tempoSource' | 'first_beat_s' | 'isMeasured'>
>;

interface StoredSong extends Song {
  file: Blob;
  added_at: number;
}

interface Schema extends DBSchema {
  songs: { key: string; value: StoredSong };
}

export class Library {
  readonly #database: IDBPDatabase<Schema>;
  /** Songs that did not fit on the disk: they play until the page is closed. */
  readonly #passing = new Map<string, StoredSong>();

  private constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
  }

  static async open(accountId: string): Promise<Library> {
    return new Library(
      await openDB<Schema>(`beatrunner.songs.${accountId}`, 1, {
        upgrade: (database) => void database.createObjectStore('songs', { keyPath: 'key' }),
      }),
    );
  }

  close(): void {
    this.#database.close();
  }

  /** In the order they were added. */
  async list(): Promise<Song[]> {
    const stored = [...(await this.#database.getAll('songs')), ...this.#passing.values()];
    stored.sort((a, b) => a.added_at - b.added_at || a.title.localeCompare(b.title));
    return stored.map(songOf);
  }

  /** False when there was no room, and the song is kept for this visit alone. */
  async put(song: Song, file: Blob): Promise<boolean> {
    const stored = { ...song, file, added_at: Date.now() };
    try {
      await this.#database.put('songs', stored);
      return true;
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
      this.#passing.set(song.key, stored);
      return false;
    }
  }

  async file(key: string): Promise<Blob> {
    const stored = await this.#find(key);
    if (!stored) throw new Error('the song is no longer in this browser');
    return stored.file;
  }

  async change(key: string, change: SongChange): Promise<void> {
    const stored = await this.#find(key);
    if (!stored) return;
    const changed = { ...stored, ...change };
    if (this.#passing.has(key)) this.#passing.set(key, changed);
    else await this.#database.put('songs', changed);
  }

  async remove(key: string): Promise<void> {
    this.#passing.delete(key);
    await this.#database.delete('songs', key);
  }

  async #find(key: string): Promise<StoredSong | undefined> {
    return this.#passing.get(key) ?? (await this.#database.get('songs', key));
  }
}

function songOf(stored: StoredSong): Song {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- all but these
  const { file, added_at, ...song } = stored;
  return song;
}
