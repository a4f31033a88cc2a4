import type { AccountExport } from '#lib/api/types.ts';
import { api } from '#lib/session.svelte.ts';

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

  /**
   * The browser saves the file itself, however large it is. A link could not carry the access token,
   * a form can.
   */
  async download(): Promise<void> {
    // The token may have run out while the page stood open; this renews it.
    await this.load();
    if (this.current?.state !== 'done') return;
    const form = document.createElement('form');
    form.method = 'post';
    form.action = `/v1/account/exports/${this.current.id}/file`;
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'access_token';
    field.value = api.token ?? '';
    form.append(field);
    document.body.append(form);
    form.submit();
    form.remove();
  }

  close(): void {
    this.#stop.abort();
  }

  async #follow(): Promise<void> {
    const followed = this.current;
    if (followed?.state !== 'queued' && followed?.state !== 'running') return;
    this.#stop = new AbortController();
    const path = `/v1/account/exports/${followed.id}/events`;
    for await (const event of api.events<AccountExport>(path, this.#stop.signal)) {
      this.current = event.data;
    }
  }
}
