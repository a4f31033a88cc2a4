/** Songs being made ready to sound. Decoded music is large: only what is needed next is kept. */

import type { Prepared, Song, Source } from './source.ts';

export class Workbench {
  readonly #ready = new Map<string, Promise<Prepared>>();

  /** Forget all but these. */
  keep(songs: (Song | null)[]): void {
    const keys = new Set(songs.map((song) => song?.key));
    for (const key of this.#ready.keys()) if (!keys.has(key)) this.#ready.delete(key);
  }

  prepare(song: Song, sources: Source[], context: BaseAudioContext): Promise<Prepared> {
    const known = this.#ready.get(song.key);
    if (known) return known;
    const source = sources.find(({ name }) => name === song.source);
    if (!source) return Promise.reject(new Error(`no source is called ${song.source}`));
    const preparing = source.prepare(song, context);
    this.#ready.set(song.key, preparing);
    return preparing;
  }
}
