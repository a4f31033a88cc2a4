/** Which song of the player is which of the server's: songs are introduced once, when first needed. */

import type { Client } from '#lib/api/client.ts';
import type { Song, TempoSource } from './source.ts';

export class TrackRegister {
  readonly #api: Pick<Client, 'post' | 'put'>;
  #account: string | null = null;
  #ids = new Map<string, Promise<string>>();
  #known = new Map<string, string>();

  constructor(api: Pick<Client, 'post' | 'put'>) {
    this.#api = api;
  }

  /** Whose songs they are from now on; false when nothing changes by that. */
  enter(accountId: string): boolean {
    if (accountId === this.#account) return false;
    this.#account = accountId;
    this.#ids = new Map();
    this.#known = new Map();
    return true;
  }

  /** The server's id of a song; null while it has not met it. */
  idOf(key: string): string | null {
    return this.#known.get(key) ?? null;
  }

  register(song: Song): Promise<string> {
    const asked = this.#ids.get(song.key) ?? this.#introduce(song);
    this.#ids.set(song.key, asked);
    return asked;
  }

  /** `first_beat_s`: where in the file the first beat is, of who measured that, too. */
  async setTempo(
    key: string,
    tempo_bpm: number,
    source: TempoSource,
    first_beat_s: number | null = null,
  ): Promise<void> {
    const id = this.idOf(key);
    const told = { tempo_bpm, source, first_beat_s };
    if (id) await this.#api.put(`/v1/music/tracks/${id}/tempo`, told);
  }

  async #introduce(song: Song): Promise<string> {
    const { key, title, artist, album, tempo_bpm, tempoSource, first_beat_s = null } = song;
    const known = this.#known;
    try {
      const track = await this.#api.post<{ id: string }>('/v1/music/tracks', {
        title,
        artist,
        album,
        tempo_bpm,
        tempo_source: tempoSource,
        first_beat_s,
      });
      known.set(key, track.id);
      return track.id;
    } catch (error) {
      this.#ids.delete(key);
      throw error;
    }
  }
}
