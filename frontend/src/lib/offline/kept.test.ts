import { describe, expect, it } from 'vitest';
import { isKeepable, KeptAnswers } from './kept.ts';

/** The part of CacheStorage that is used, in memory. */
class FakeCaches {
  readonly all = new Map<string, Map<string, Response>>();

  open(name: string) {
    const entries = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, entries);
    return Promise.resolve({
      put: (path: string, response: Response) => {
        entries.delete(path);
        entries.set(path, response);
        return Promise.resolve();
      },
      match: (path: string) => Promise.resolve(entries.get(path)?.clone()),
      keys: () => Promise.resolve([...entries.keys()]),
      delete: (path: string) => Promise.resolve(entries.delete(path)),
    });
  }

  keys() {
    return Promise.resolve([...this.all.keys()]);
  }

  delete(name: string) {
    return Promise.resolve(this.all.delete(name));
  }
}

function made(caches = new FakeCaches(), stored = new Map<string, string>()) {
  const kept = new KeptAnswers({
    caches: caches as unknown as CacheStorage,
    storage: {
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
      removeItem: (key) => void stored.delete(key),
    },
    now: () => 1000,
  });
  return { kept, caches, stored };
}

const answer = (value: unknown) => new Response(JSON.stringify(value));

describe('kept answers', () => {
  it('are found again, with their time, also after a reload', async () => {
    const { kept, caches, stored } = made();
    await kept.belongTo('ann');
    await kept.keep('/v1/home', answer({ runs: 3 }));
    const later = made(caches, stored).kept;
    expect(later.hasOwner).toBe(true);
    expect(await later.find('/v1/home')).toEqual({ value: { runs: 3 }, at_ms: 1000 });
  });

  it('go with the sign-out', async () => {
    const { kept, caches, stored } = made();
    await kept.belongTo('ann');
    await kept.keep('/v1/home', answer(1));
    await kept.clear();
    expect(caches.all.size).toBe(0);
    expect(stored.size).toBe(0);
    expect(await kept.find('/v1/home')).toBeNull();
    await kept.keep('/v1/home', answer(2));
    expect(caches.all.size).toBe(0);
  });

  it('of one account are nothing to another', async () => {
    const { kept, caches } = made();
    await kept.belongTo('ann');
    await kept.keep('/v1/home', answer('ann’s'));
    await kept.belongTo('bob');
    expect(await kept.find('/v1/home')).toBeNull();
    expect([...caches.all.keys()].join()).not.toContain('ann');
  });

  it('do not stay when the sign-out overtakes them', async () => {
    const { kept, caches } = made();
    await kept.belongTo('ann');
    const keeping = kept.keep('/v1/home', answer(1));
    await kept.clear();
    await keeping;
    expect(caches.all.size).toBe(0);
  });

  it('are bounded in number and size', async () => {
    const { kept } = made();
    await kept.belongTo('ann');
    for (let i = 0; i < 310; i++) await kept.keep(`/v1/activities/${i}`, answer(i));
    expect(await kept.find('/v1/activities/9')).toBeNull();
    expect(await kept.find('/v1/activities/10')).not.toBeNull();
    await kept.keep('/v1/home', answer('x'.repeat(3_000_001)));
    expect(await kept.find('/v1/home')).toBeNull();
  });

  it('without a cache are none', async () => {
    const kept = new KeptAnswers({
      caches: undefined,
      storage: { getItem: () => 'ann', setItem: () => undefined, removeItem: () => undefined },
    });
    await kept.belongTo('ann');
    await kept.keep('/v1/home', answer(1));
    expect(kept.hasOwner).toBe(false);
    expect(await kept.find('/v1/home')).toBeNull();
  });
});

it.each([
  ['/v1/home?time_zone=UTC', true],
  ['/v1/activities', true],
  ['/v1/activities?kind=runs&limit=50', true],
  ['/v1/activities?cursor=abc', false],
  ['/v1/activities/01-a/streams', true],
  ['/v1/activities/01-a/shared-view', false],
  ['/v1/soundtracks/01-a', true],
  ['/v1/music/tracks?q=x', true],
  ['/v1/auth/state', false],
  ['/v1/home-network', false],
  ['/v1/share-links', false],
  ['/v1/shared/secret', false],
  ['/v1/imports/1/events', false],
  ['/v1/devices', false],
  ['/v1/playlists/1/export?format=csv', false],
  ['/health', false],
])('%s is kept: %s', (path, isKept) => {
  expect(isKeepable(path)).toBe(isKept);
});
