/** All runs as the map has them, arriving page by page, the latest first. */

import { untrack } from 'svelte';
import type { Client } from '#lib/api/client.ts';
import type { ToldRun } from './decode.ts';
import { readPages, type HeardTrack } from './pages.ts';
import { Painter } from './painter.ts';
import type { Box } from './view.ts';

export class AtlasData {
  /** Of the first page, then of all. */
  runs = $state.raw<ToldRun[]>([]);
  /** Of each run. */
  boxes = $state.raw<Box[]>([]);
  /** Once all pages are in: those in most runs first. */
  tracks = $state.raw<HeardTrack[]>([]);
  loaded = $state(0);
  /** Null until the first page is in. */
  total = $state<number | null>(null);
  /** Runs that are not on the map yet. */
  unmeasured = $state(0);
  isComplete = $state(false);
  problem = $state.raw<unknown>(null);
  readonly painter = new Painter();

  readonly #api: Client;
  readonly #between: Record<string, string>;
  #isStopped = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** Until runs that were not measured are looked for again; each time all are read. */
  #pause_ms = 5000;

  /** Begins to load. `after` and `before`: of runs begun in [after, before) alone. */
  constructor(api: Client, between: { after?: string; before?: string } = {}) {
    this.#api = api;
    this.#between = between;
    // What loading reads is nothing that whoever made this depends upon.
    untrack(() => void this.#load());
  }

  reload = () => {
    this.painter.clear();
    [this.runs, this.boxes, this.tracks] = [[], [], []];
    this.isComplete = false;
    this.problem = null;
    void this.#load();
  };

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#again);
    this.painter.close();
  }

  async #load() {
    try {
      await this.#readAll();
      if (this.#isStopped || this.unmeasured === 0) return;
      this.#again = setTimeout(this.reload, this.#pause_ms);
      this.#pause_ms *= 2;
    } catch (error) {
      if (!this.#isStopped) this.problem = error;
    }
  }

  async #readAll() {
    const [runs, boxes]: [ToldRun[], Box[]] = [[], []];
    for await (const page of readPages(this.#api, this.painter, this.#between)) {
      if (this.#isStopped) return;
      runs.push(...page.head.runs);
      boxes.push(...page.boxes);
      this.loaded = runs.length;
      this.total = page.head.total;
      this.unmeasured = page.head.unmeasured;
      this.isComplete = page.head.next_cursor === null;
      // The first page is shown at once; to draw each of the others would hold up the next.
      if (!this.isComplete && this.runs.length > 0) continue;
      this.runs = runs.slice();
      this.boxes = boxes.slice();
      // Needed last, and the dearest to show.
      if (this.isComplete) this.tracks = [...page.tracks.values()].sort((a, b) => b.runs - a.runs);
    }
  }
}
