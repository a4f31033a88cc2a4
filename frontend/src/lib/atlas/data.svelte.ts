/** All runs as the map has them, arriving page by page, the latest first. */

import type { Client } from '#lib/api/client.ts';
import type { ToldRun } from './decode.ts';
import { readPages, type HeardTrack } from './pages.ts';
import { Painter } from './painter.ts';
import type { Box } from './view.ts';

const UNMEASURED_AGAIN_MS = 5000;

export class AtlasData {
  runs = $state.raw<ToldRun[]>([]);
  /** Of each run. */
  boxes = $state.raw<Box[]>([]);
  /** Once all pages are in: those in most runs first. */
  tracks = $state.raw<HeardTrack[]>([]);
  /** Null until the first page is in. */
  total = $state<number | null>(null);
  /** Runs that are not on the map yet. */
  unmeasured = $state(0);
  isComplete = $state(false);
  problem = $state.raw<unknown>(null);
  painter = new Painter();

  readonly #api: Client;
  readonly #between: Record<string, string>;
  #isStopped = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** `after` and `before`: of runs begun in [after, before) alone. */
  constructor(api: Client, between: { after?: string; before?: string } = {}) {
    this.#api = api;
    this.#between = between;
  }

  load = async (): Promise<void> => {
    this.problem = null;
    try {
      await this.#readAll();
      if (this.unmeasured > 0) this.#again = setTimeout(this.#reload, UNMEASURED_AGAIN_MS);
    } catch (error) {
      if (!this.#isStopped) this.problem = error;
    }
  };

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#again);
    this.painter.close();
  }

  #reload = () => {
    this.painter.close();
    this.painter = new Painter();
    [this.runs, this.boxes, this.tracks] = [[], [], []];
    this.isComplete = false;
    void this.load();
  };

  async #readAll() {
    for await (const page of readPages(this.#api, this.painter, this.#between)) {
      if (this.#isStopped) return;
      this.boxes = [...this.boxes, ...page.boxes];
      this.runs = [...this.runs, ...page.head.runs];
      this.total = page.head.total;
      this.unmeasured = page.head.unmeasured;
      // Needed last, and the dearest to show.
      if (page.head.next_cursor === null) {
        this.tracks = [...page.tracks.values()].sort((a, b) => b.runs - a.runs);
      }
    }
    this.isComplete = true;
  }
}
