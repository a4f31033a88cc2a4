import { describe, expect, it } from 'vitest';
import { Pager } from './pager.svelte.ts';
import type { Page } from './types.ts';

/** Numbers up to 120, of which each answer waits until it is let go. */
function served() {
  const waiting: (() => void)[] = [];
  const ask = (limit: number, cursor: string | null) =>
    new Promise<Page<number>>((resolve) => {
      const from = Number(cursor ?? 0);
      const items = Array.from({ length: 120 }, (_, i) => i).slice(from, from + limit);
      const next = from + items.length;
      waiting.push(() => resolve({ items, next_cursor: next < 120 ? String(next) : null }));
    });
  const letGo = () => waiting.splice(0).forEach((go) => go());
  return { pager: new Pager<number>(ask), letGo };
}

describe('a list in pages', () => {
  it('grows until its end', async () => {
    const { pager, letGo } = served();
    for (const size of [50, 100, 120]) {
      const loaded = size === 50 ? pager.load() : pager.loadMore();
      letGo();
      await loaded;
      expect(pager.items.length).toBe(size);
    }
    expect(pager.cursor).toBeNull();
    await pager.loadMore();
    expect(pager.items).toEqual(Array.from({ length: 120 }, (_, i) => i));
  });

  it('drops a page of a list that is no longer asked for', async () => {
    const { pager, letGo } = served();
    const first = pager.load();
    letGo();
    await first;
    const later = pager.loadMore();
    const again = pager.load(80);
    letGo();
    await Promise.all([later, again]);
    expect(pager.items.length).toBe(80);
  });
});
