/**
 * Asking, before the first import, whether heart rates may be kept.
 *
 * The server keeps none without a yes, and then not the files that hold them either; so what came in
 * before the question would have to be imported again.
 */

import type { ConsentList } from '#lib/api/types.ts';
import { api } from '#lib/session.svelte.ts';

const PATH = '/v1/privacy/consents/heart_rate';

class HeartRateConsent {
  /** An import waits: the dialog is to be shown. */
  isAsking = $state(false);

  #answer: Promise<void> | null = null;
  #tell: () => void = () => undefined;

  async find() {
    const { items } = await api.get<ConsentList>('/v1/privacy/consents');
    return items.find((each) => each.kind === 'heart_rate') ?? null;
  }

  give = () => api.put(PATH, {});

  withdraw = () => api.delete(PATH);

  /** Resolves when the runner has answered: at once for whoever has agreed already. */
  async ask(): Promise<void> {
    if ((await this.find())?.given_at) return;
    this.#answer ??= new Promise((resolve) => {
      this.#tell = resolve;
      this.isAsking = true;
    });
    await this.#answer;
  }

  /** The dialog has its answer, whichever. */
  finish(): void {
    this.isAsking = false;
    this.#answer = null;
    this.#tell();
  }
}

export const heartRate = new HeartRateConsent();
