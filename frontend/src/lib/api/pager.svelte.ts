/** A list that comes in pages, and grows as one goes down it. */

import { Loader } from './loader.svelte.ts';
import type { Page } from './types.ts';

const PAGE_SIZE = 50;
const MOST_AT_ONCE = 200;

export class Pager<Item, Answer extends Page<Item> = Page<Item>> {
  items = $state.raw<Item[]>([]);
  cursor = $state.raw<string | null>(null);
  readonly first: Loader<Answer>;
  readonly later: Loader<Answer>;

  #firstSize = PAGE_SIZE;
  #loads = 0;

  constructor(ask: (limit: number, cursor: string | null) => Promise<Answer>) {
    this.first = new Loader(() => ask(this.#firstSize, null));
    this.later = new Loader(() => ask(PAGE_SIZE, this.cursor));
  }

  /** The list from its head, at least so many of it. */
  load = async (atLeast = PAGE_SIZE): Promise<void> => {
    this.#loads++;
    this.#firstSize = Math.min(MOST_AT_ONCE, Math.max(PAGE_SIZE, atLeast));
    await this.first.load();
    if (this.first.error || this.first.isLoading || !this.first.value) return;
    this.items = this.first.value.items;
    this.cursor = this.first.value.next_cursor;
  };

  loadMore = async (): Promise<void> => {
    if (this.later.isLoading || this.cursor === null) return;
    const loads = this.#loads;
    await this.later.load();
    if (this.later.error || !this.later.value || loads !== this.#loads) return;
    this.items = [...this.items, ...this.later.value.items];
    this.cursor = this.later.value.next_cursor;
  };
}
