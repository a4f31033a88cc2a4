/** What the server knows of one run, and the few things that can be changed. */

import type { Client } from '#lib/api/client.ts';
import { isMissing } from '#lib/api/problem.ts';
import type { Activity, EncodedStreams, OffsetSuggestion, Soundtrack } from '#lib/api/types.ts';
import { findNeighbours, type Neighbours } from './neighbours.ts';
import { decodeStreams, type Streams } from './streams.ts';

/** While the soundtrack is being computed the page asks again, ever more slowly. */
const ASK_AGAIN_MS = [1000, 1000, 2000, 3000, 5000, 8000, 15_000];

export class RunData {
  activity: Activity | null = $state.raw(null);
  streams: Streams | null = $state.raw(null);
  soundtrack: Soundtrack | null = $state.raw(null);
  neighbours: Neighbours = $state.raw({ earlier: null, later: null });
  isMissing = $state(false);
  problem: unknown = $state.raw(null);

  readonly #api: Client;
  readonly #id: string;
  readonly #stop = new AbortController();

  constructor(api: Client, id: string) {
    this.#api = api;
    this.#id = id;
  }

  async load(): Promise<void> {
    this.problem = null;
    const { signal } = this.#stop;
    try {
      const [activity, streams, soundtrack] = await Promise.all([
        this.#api.get<Activity>(this.#path, {}, signal),
        this.#api.get<EncodedStreams>(`${this.#path}/streams`, {}, signal),
        this.#api.get<Soundtrack>(this.#soundtrackPath, {}, signal),
      ]);
      this.activity = activity;
      this.streams = decodeStreams(streams);
      this.soundtrack = soundtrack;
      void this.#findNeighbours(activity);
      await this.#awaitSoundtrack();
    } catch (error) {
      if (signal.aborted) return;
      if (isMissing(error)) this.isMissing = true;
      else this.problem = error;
    }
  }

  /** Ends what is under way when the page is left. */
  stop(): void {
    this.#stop.abort();
  }

  async rename(name: string): Promise<void> {
    this.activity = await this.#api.patch<Activity>(this.#path, { name });
  }

  async shift(clock_offset_s: number): Promise<void> {
    this.soundtrack = await this.#api.put<Soundtrack>(`${this.#soundtrackPath}/clock-offset`, {
      clock_offset_s,
    });
  }

  suggestOffset(): Promise<OffsetSuggestion> {
    return this.#api.get(`${this.#soundtrackPath}/clock-offset/suggestion`, {}, this.#stop.signal);
  }

  remove(): Promise<void> {
    return this.#api.delete(this.#path);
  }

  /** A convenience: the page is whole without it. */
  async #findNeighbours(activity: Activity): Promise<void> {
    try {
      this.neighbours = await findNeighbours(this.#api, activity, this.#stop.signal);
    } catch {
      this.neighbours = { earlier: null, later: null };
    }
  }

  async #awaitSoundtrack(): Promise<void> {
    const { signal } = this.#stop;
    for (const wait_ms of ASK_AGAIN_MS) {
      if (this.soundtrack?.computed_at !== null) return;
      await new Promise((resolve) => setTimeout(resolve, wait_ms));
      if (signal.aborted) return;
      this.soundtrack = await this.#api.get<Soundtrack>(this.#soundtrackPath, {}, signal);
    }
  }

  get #path(): string {
    return `/v1/activities/${this.#id}`;
  }

  get #soundtrackPath(): string {
    return `/v1/soundtracks/${this.#id}`;
  }
}
