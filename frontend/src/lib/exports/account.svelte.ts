import type { AccountExport } from '#lib/api/types.ts';
import { api } from '#lib/session.svelte.ts';
import { saveFile } from '#lib/ui/save.ts';

/** The file with everything, from asking for it to its end. */
export class AccountExports {
  /** Null when there is none; undefined before anything is known. */
  current = $state<AccountExport | null | undefined>();

  #stop = new AbortController();

  load = async (): Promise<void> => {
    const { items } = await api.get<{ items: AccountExport[] }>('/v1/account/exports');
    this.current = items[0] ?? null;
    await this.#follow();
  };

  async begin(): Promise<void> {
    this.#stop = new AbortController();
    this.current = await api.post<AccountExport>('/v1/account/exports', {});
    await this.#follow();
  }

  /** End the writing of it, or take the file away. */
  async remove(): Promise<void> {
    if (!this.current) return;
    this.close();
    await api.delete(`/v1/account/exports/${this.current.id}`);
    this.current = null;
  }

  async download(): Promise<void> {
    if (this.current?.state !== 'done') return;
    const { content, name } = await api.downloadNamed(
      `/v1/account/exports/${this.current.id}/file`,
    );
    saveFile(content, name);
  }

  close(): void {
    this.#stop.abort();
  }

  async #follow(): Promise<void> {
    const followed = this.current;
    if (followed?.state !== 'queued' && followed?.state !== 'running') return;
    const path = `/v1/account/exports/${followed.id}/events`;
    for await (const event of api.events<AccountExport>(path, this.#stop.signal)) {
      this.current = event.data;
    }
  }
}
