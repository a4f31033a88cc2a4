/**
 * Everything on its way in: drops being read, uploads being sent, imports the server works on.
 *
 * It lives above the pages, so that a drop on any page goes on while the runner looks around, and
 * what the server has begun is taken up again on the next visit.
 */

import type { Import, Page } from '#lib/api/types.ts';
import { formatRate } from '#lib/format/count.ts';
import { t } from '#lib/i18n/index.ts';
import { heartRate } from '#lib/privacy/heart.svelte.ts';
import { api } from '#lib/session.svelte.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { filesOfDrop, inBatches, type PathFile } from './dropped.ts';
import { upload } from './upload.ts';

const MOST_FILES = 20_000;
const MOST_BYTES = 4_000_000_000;

/** A batch of files between the drop and the server's acceptance. */
export class Upload {
  state = $state<'reading' | 'sending' | 'failed'>('reading');
  files = $state(0);
  sent_bytes = $state(0);
  size_bytes = $state(0);
  error = $state.raw<unknown>(null);
  readonly #stop = new AbortController();

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  stop(): void {
    this.#stop.abort();
  }
}

/** How fast an import goes: files done since it was first seen here. */
class Pace {
  readonly #since = performance.now();
  readonly #done: number;

  constructor(done: number) {
    this.#done = done;
  }

  perSecond(done: number): number | null {
    const passed_s = (performance.now() - this.#since) / 1000;
    return passed_s > 0.5 && done > this.#done ? (done - this.#done) / passed_s : null;
  }
}

export const isOver = (one: Import): boolean => ['done', 'failed', 'undone'].includes(one.state);

class Imports {
  uploads = $state.raw<Upload[]>([]);
  list = $state.raw<Import[]>([]);
  nextCursor = $state.raw<string | null>(null);
  /** Counts finished imports, for pages that then look again. */
  finished = $state(0);

  readonly #followed = new Map<string, { stop: AbortController; pace: Pace }>();

  /** What the server works on. Songs are matched for all imports together: the newest shows it. */
  get running(): Import[] {
    return this.list.filter((one, i) => !isOver(one) || (i === 0 && one.soundtracks_pending > 0));
  }

  get isBusy(): boolean {
    return this.uploads.some((one) => one.state !== 'failed') || this.running.length > 0;
  }

  find(id: string): Import | undefined {
    return this.list.find((one) => one.id === id);
  }

  filesPerSecond(one: Import): string | null {
    const rate = this.#followed.get(one.id)?.pace.perSecond(one.files_done) ?? null;
    return rate === null ? null : formatRate(rate);
  }

  /** The newest imports; those still going are followed. */
  async load(): Promise<void> {
    const page = await api.get<Page<Import>>('/v1/imports');
    this.list = page.items;
    this.nextCursor = page.next_cursor;
    for (const one of this.running) void this.follow(one);
  }

  async loadMore(): Promise<void> {
    const page = await api.get<Page<Import>>('/v1/imports', { cursor: this.nextCursor });
    this.list = [...this.list, ...page.items];
    this.nextCursor = page.next_cursor;
  }

  async acceptDrop(transfer: DataTransfer): Promise<void> {
    const reading = this.#begin();
    try {
      const files = await filesOfDrop(transfer, (count) => (reading.files = count));
      this.#end(reading);
      await this.accept(files);
    } catch (error) {
      reading.error = error;
      reading.state = 'failed';
    }
  }

  async accept(files: PathFile[]): Promise<void> {
    if (files.length === 0) {
      toasts.show(t.imports.nothing);
      return;
    }
    // Where it cannot be asked, nothing is kept unasked: the server sees to that.
    if (this.list.length === 0) await heartRate.ask().catch(() => undefined);
    for (const batch of inBatches(files, MOST_FILES, MOST_BYTES)) await this.#send(batch);
  }

  dismiss(one: Upload): void {
    one.stop();
    this.#end(one);
  }

  /** Follow an import by its events until it is over. */
  async follow(one: Import): Promise<void> {
    if (this.#followed.has(one.id)) return;
    const stop = new AbortController();
    this.#followed.set(one.id, { stop, pace: new Pace(one.files_done) });
    this.#put(one);
    try {
      const path = `/v1/imports/${one.id}/events`;
      for await (const event of api.events<Import>(path, stop.signal)) {
        this.#put(event.data);
        if (event.name === 'done') this.#announce(event.data);
      }
    } catch (error) {
      toasts.showProblem(error);
    } finally {
      this.#followed.delete(one.id);
    }
  }

  /** Forget everything, when someone else signs in. */
  clear(): void {
    for (const { stop } of this.#followed.values()) stop.abort();
    for (const one of this.uploads) one.stop();
    this.#followed.clear();
    this.uploads = [];
    this.list = [];
    this.nextCursor = null;
  }

  async #send(files: PathFile[]): Promise<void> {
    const sending = this.#begin();
    sending.state = 'sending';
    sending.files = files.length;
    sending.size_bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    try {
      const begun = await upload(api, files, sending.signal, (bytes) => {
        sending.sent_bytes = Math.min(bytes, sending.size_bytes);
      });
      this.#end(sending);
      void this.follow(begun);
    } catch (error) {
      if (sending.signal.aborted) return;
      sending.error = error;
      sending.state = 'failed';
    }
  }

  #begin(): Upload {
    const one = new Upload();
    this.uploads = [one, ...this.uploads];
    return one;
  }

  #end(one: Upload): void {
    this.uploads = this.uploads.filter((other) => other !== one);
  }

  #put(one: Import): void {
    this.list = this.find(one.id)
      ? this.list.map((other) => (other.id === one.id ? one : other))
      : [one, ...this.list];
  }

  #announce(one: Import): void {
    this.finished++;
    if (one.state === 'undone') {
      toasts.show(t.imports.undoneToast);
      return;
    }
    const added = t.imports.added(one.activities_added, one.listens_added, one.joined);
    toasts.show(
      one.refused > 0
        ? `${t.imports.finishedToast(added)} ${t.imports.refusedToast(one.refused)}`
        : t.imports.finishedToast(added),
      { action: { label: t.imports.look, href: `/import/${one.id}` } },
    );
  }
}

export const imports = new Imports();
