/** Something a page shows, asked for again whenever it may have changed. */

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
  /** Ask again every so often, but never before the last answer is in. Returns what ends it. */
  every(pause_ms: number): () => void {
    const timer = setInterval(() => {
      if (!this.isLoading) void this.load();
    }, pause_ms);
    return () => clearInterval(timer);
  }
}
