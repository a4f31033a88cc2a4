/**
 * What BeatRunner last answered, for when its computer sleeps.
 *
 * Kept in the browser's cache, apart for each account, and gone with the sign-out. Only what is read
 * on the pages of runs, music and insights: no tokens, no downloads, nothing of others. Browsers offer
 * the cache on HTTPS and on this computer alone; elsewhere nothing is kept.
 */

const PREFIX = 'beatrunner-kept-';
const ACCOUNT_KEY = 'beatrunner.account';
const AT = 'x-kept-at';
const MOST = 300;
const LARGEST_BYTES = 3_000_000;

const KEEPABLE = [
  /^\/v1\/(profile|home|training|insights|playlists)(\?|$)/,
  /^\/v1\/profile\/runner$/,
  /^\/v1\/activities(\?(?!.*cursor=).*)?$/,
  /^\/v1\/activities\/[\w-]+(\/streams|\/felt)?$/,
  /^\/v1\/soundtracks\/[\w-]+$/,
  /^\/v1\/insights\/(gait|satisfaction|(activities|tracks)\/[\w-]+)$/,
  /^\/v1\/music\/tracks(\?(?!.*cursor=).*)?$/,
  /^\/v1\/music\/tracks\/[\w-]+(\/runs)?$/,
  /^\/v1\/music\/tempo$/,
  /^\/v1\/playlists\/[\w-]+$/,
];

export const isKeepable = (path: string): boolean => KEEPABLE.some((form) => form.test(path));

export interface KeptAnswer {
  value: unknown;
  /** When the server gave it, as `Date.now()` counts. */
  at_ms: number;
}

export interface KeptParts {
  caches: CacheStorage | undefined;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  now?: () => number;
}

export class KeptAnswers {
  readonly #parts: Required<KeptParts>;
  #account: string | null;

  constructor(parts: KeptParts) {
    this.#parts = { now: Date.now, ...parts };
    this.#account = parts.storage.getItem(ACCOUNT_KEY);
  }

  /** Whether somebody was signed in here last time, and did not leave. */
  get hasOwner(): boolean {
    return this.#account !== null && this.#parts.caches !== undefined;
  }

  /** From now on for this account; what was kept for any other goes. */
  async belongTo(account: string): Promise<void> {
    this.#account = account;
    this.#parts.storage.setItem(ACCOUNT_KEY, account);
    await this.#drop((name) => name !== PREFIX + account);
  }

  /** Signed out: nothing stays. */
  async clear(): Promise<void> {
    this.#account = null;
    this.#parts.storage.removeItem(ACCOUNT_KEY);
    await this.#drop(() => true);
  }

  async keep(path: string, response: Response): Promise<void> {
    const account = this.#account;
    if (account === null || !this.#parts.caches || !isKeepable(path)) return;
    const body = await response.blob();
    if (body.size > LARGEST_BYTES) return;
    const cache = await this.#parts.caches.open(PREFIX + account);
    await cache.put(path, new Response(body, { headers: { [AT]: String(this.#parts.now()) } }));
    const entries = await cache.keys();
    await Promise.all(entries.slice(0, -MOST).map((entry) => cache.delete(entry)));
    // Signed out meanwhile: an answer that was still on its way is not to stay.
    if (this.#account !== account) await this.#parts.caches.delete(PREFIX + account);
  }

  async find(path: string): Promise<KeptAnswer | null> {
    if (this.#account === null || !this.#parts.caches || !isKeepable(path)) return null;
    const cache = await this.#parts.caches.open(PREFIX + this.#account);
    const found = await cache.match(path);
    if (!found) return null;
    return { value: await found.json(), at_ms: Number(found.headers.get(AT)) };
  }

  async #drop(isGone: (name: string) => boolean): Promise<void> {
    const names = (await this.#parts.caches?.keys()) ?? [];
    const gone = names.filter((name) => name.startsWith(PREFIX) && isGone(name));
    await Promise.all(gone.map((name) => this.#parts.caches?.delete(name)));
  }
}
