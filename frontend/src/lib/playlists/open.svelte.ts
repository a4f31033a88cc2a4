/** One playlist that is looked at and changed. What is changed shows at once, and is saved behind. */

import { api } from '#lib/session.svelte.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import type { ExportFormat, Playlist, PlaylistSong } from './types.ts';

export class OpenPlaylist {
  value = $state.raw<Playlist | null>(null);
  error = $state.raw<unknown>(null);

  #saves = 0;
  #last: Promise<unknown> = Promise.resolve();
  readonly #address: string;

  constructor(id: string) {
    this.#address = `/v1/playlists/${id}`;
  }

  load = async (): Promise<void> => {
    try {
      this.value = await api.get<Playlist>(this.#address);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  };

  rename = (name: string): Promise<void> => this.#save({ name });

  /** Give the songs this order; what is not among them is taken out. */
  arrange(songs: PlaylistSong[]): Promise<void> {
    if (this.value) this.value = { ...this.value, songs };
    return this.#save({ track_ids: songs.map(({ track_id }) => track_id) });
  }

  delete = (): Promise<void> => api.delete(this.#address);
  restore = (): Promise<Playlist> => api.post<Playlist>(`${this.#address}/restore`);
  export = (format: ExportFormat): Promise<Blob> =>
    api.download(`${this.#address}/export?format=${format}`);

  /** One after the other; only the answer to the last one is of today. */
  async #save(change: { name?: string; track_ids?: string[] }): Promise<void> {
    const number = ++this.#saves;
    const saved = this.#last.then(() => api.patch<Playlist>(this.#address, change));
    this.#last = saved.catch(() => undefined);
    try {
      const value = await saved;
      if (number === this.#saves) this.value = value;
    } catch (error) {
      toasts.showProblem(error);
      await this.load();
    }
  }
}
