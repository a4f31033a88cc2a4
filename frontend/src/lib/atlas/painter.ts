/** The painting in its worker, which is asked for one thing at a time. */

import type { Added, Picture, Wish } from './painting.ts';

type Answer = { added: Added } | { painted: Picture } | null;

export class Painter {
  readonly #worker = new Worker(new URL('./painting.worker.ts', import.meta.url), {
    type: 'module',
  });
  #last: Promise<unknown> = Promise.resolve();

  /** Rejects when the page is not what it should be. */
  async add(page: ArrayBuffer): Promise<Added> {
    const answer = await this.#ask(page, [page]);
    if (!answer || !('added' in answer)) throw new TypeError('not a page');
    return answer.added;
  }

  async paint(wish: Wish): Promise<Picture> {
    const answer = await this.#ask(wish, []);
    if (!answer || !('painted' in answer)) throw new TypeError('not a picture');
    return answer.painted;
  }

  /** Forgets all pages. */
  clear() {
    void this.#ask(null, []);
  }

  close() {
    this.#worker.terminate();
  }

  #ask(words: ArrayBuffer | Wish | null, transfer: Transferable[]): Promise<Answer> {
    const answered = this.#last.then(
      () =>
        new Promise<Answer>((resolve, reject) => {
          this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
          this.#worker.onerror = (event) => reject(new Error(event.message));
          this.#worker.postMessage(words, transfer);
        }),
    );
    this.#last = answered.catch(() => undefined);
    return answered;
  }
}
