/** Something a page shows, asked for again whenever it may have changed. */

const MOST_SLOWER = 10;

export class Loader<Value> {
  /** What was last received; stays while newer is on its way. */
  value = $state.raw<Value | null>(null);
  error = $state.raw<unknown>(null);
  isLoading = $state(false);

  #last = 0;
  readonly #ask: () => Promise<Value>;

  constructor(ask: () => Promise<Value>) {
    this.#ask = ask;
  }

  /** Ask; an answer that a later question has overtaken is dropped. */
  load = async (): Promise<void> => {
    const number = ++this.#last;
    this.isLoading = true;
    try {
      const value = await this.#ask();
      if (number !== this.#last) return;
      this.value = value;
      this.error = null;
    } catch (error) {
      if (number === this.#last) this.error = error;
    } finally {
      if (number === this.#last) this.isLoading = false;
    }
  };

  /**
   * Ask again every so often, but never before the last answer is in: less often the longer it goes
   * on, as a page that is left open must not use up the requests of an hour, and not while nobody
   * sees it. Returns what ends it.
   */
  every(pause_ms: number, ask = this.load): () => void {
    const began_ms = Date.now();
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    const askLater = () => {
      const slower_ms = Math.min((Date.now() - began_ms) / 20, MOST_SLOWER * pause_ms);
      timer = setTimeout(() => void askAndGoOn(), Math.max(pause_ms, slower_ms));
    };
    const askAndGoOn = async () => {
      if (!this.isLoading && !globalThis.document?.hidden) await ask();
      if (!isOver) askLater();
    };
    askLater();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }
}
