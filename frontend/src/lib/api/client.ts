/**
 * Requests to BeatRunner's server.
 *
 * The access token lives in memory only. When an answer is 401 the client asks once for a new one with
 * the HttpOnly refresh cookie and repeats the request. All requests of a page share one refresh, and
 * all pages of a browser take turns: a refresh token works once, and using it twice signs everyone out.
 *
 * What changes how one signs in, the server does only for who has lately shown that it is they. It
 * says so; the client has them asked, and repeats the request once.
 */

import type { KeptAnswer } from '#lib/offline/kept.ts';
import { readEvents } from './events.ts';
import { ApiProblem, ServerAway, isQuotaExceeded, problemFrom } from './problem.ts';
import type { Session } from './types.ts';

type Query = Record<string, string | number | boolean | null | undefined>;

interface RequestOptions {
  method?: string;
  query?: Query;
  json?: unknown;
  signal?: AbortSignal;
}

/** What was answered before, for when nobody answers. */
export interface Memory {
  keep: (path: string, response: Response) => Promise<void>;
  find: (path: string) => Promise<KeptAnswer | null>;
}

export interface ClientParts {
  fetch: typeof fetch;
  /** Runs a refresh while no other page of this browser does. */
  exclusively?: <T>(work: () => Promise<T>) => Promise<T>;
  wait?: (ms: number) => Promise<void>;
  memory?: Memory;
}

const NO_MEMORY: Memory = { keep: () => Promise.resolve(), find: () => Promise.resolve(null) };
/**
 * A computer that sleeps does not say no: it says nothing. Where there is an older answer, that one
 * is shown after so long; sooner while nothing was heard the last time.
 */
const PATIENCE_MS = 12_000;
const PATIENCE_AWAY_MS = 3000;

/** Nobody is kept from it. */
const SIGN_OUT = '/v1/auth/sign-out';

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 10_000;

export class Client {
  /** Called when the server no longer knows who is asking. */
  onSignedOut: () => void = () => undefined;
  /** Called when an older answer took the place of one that did not come. */
  onKept: (at_ms: number) => void = () => undefined;
  /** Asks the runner to show that it is they; resolves to whether they did. */
  confirm: () => Promise<boolean> = () => Promise.resolve(false);

  #token: string | null = null;
  #refreshing: Promise<Session | null> | null = null;
  #patience_ms = PATIENCE_MS;
  /** The server's word that it wants no more requests, and until when. */
  #rest: { problem: ApiProblem; until_ms: number } | null = null;
  readonly #parts: Required<ClientParts>;

  constructor(parts: ClientParts) {
    this.#parts = {
      memory: NO_MEMORY,
      exclusively: (work) => work(),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      ...parts,
    };
  }

  get token(): string | null {
    return this.#token;
  }

  /** Take the token of a fresh session, or forget it. */
  adopt(session: Session | null): void {
    this.#rest = null; // each account has a quota of its own
    this.#token = session?.access_token ?? null;
  }

  /** The answer, or the last one there was when the server does not answer. */
  async get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    const { memory } = this.#parts;
    const where = path + queryText(query);
    // Some browsers offer storage and refuse its use: what is asked can be answered without.
    const older = await memory.find(where).catch(() => null);
    const patience = older === null ? null : AbortSignal.timeout(this.#patience_ms);
    const signals = [signal, patience].filter((found) => found != null);
    try {
      const response = await this.#answer(path, { query, signal: AbortSignal.any(signals) });
      this.#patience_ms = PATIENCE_MS;
      void memory.keep(where, response.clone()).catch(() => undefined);
      return (await response.json()) as T;
    } catch (error) {
      const isAway = error instanceof ServerAway || (patience?.aborted && !signal?.aborted);
      if (!isAway || older === null) throw error;
      this.#patience_ms = PATIENCE_AWAY_MS;
      this.onKept(older.at_ms);
      return older.value as T;
    }
  }

  post<T>(path: string, json: unknown = {}): Promise<T> {
    return this.#call(path, { method: 'POST', json });
  }

  put<T>(path: string, json: unknown): Promise<T> {
    return this.#call(path, { method: 'PUT', json });
  }

  patch<T>(path: string, json: unknown): Promise<T> {
    return this.#call(path, { method: 'PATCH', json });
  }

  async download(path: string): Promise<Blob> {
    return (await this.#answer(path, {})).blob();
  }

  /** With the name that the server gives it. */
  async downloadNamed(path: string): Promise<{ content: Blob; name: string }> {
    const answer = await this.#answer(path, {});
    const told = answer.headers.get('Content-Disposition')?.split("filename*=UTF-8''")[1];
    return { content: await answer.blob(), name: decodeURIComponent(told ?? 'download') };
  }

  delete(path: string): Promise<void> {
    return this.#call(path, { method: 'DELETE' });
  }

  /** A new session by the cookie; null when there is none. Adopts what it gets. */
  refresh(): Promise<Session | null> {
    const before = this.#token;
    this.#refreshing ??= this.#parts
      .exclusively(async () => {
        const response = await this.#send('/v1/auth/refresh', { method: 'POST', json: {} });
        if (response.status === 401) return null;
        if (!response.ok) throw await problemFrom(response);
        return (await response.json()) as Session;
      })
      .then((session) => {
        this.adopt(session);
        if (session === null && before !== null) this.onSignedOut();
        return session;
      })
      .finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /**
   * Events of a stream until one is named `done`; each is the whole state, so that nothing is lost
   * by a break. Reconnects with growing pauses; ends with an error only when the server refuses.
   */
  async *events<T>(path: string, signal: AbortSignal): AsyncGenerator<{ name: string; data: T }> {
    let pause_ms = RETRY_FIRST_MS;
    while (!signal.aborted) {
      try {
        const response = await this.#answer(path, { signal });
        for await (const event of readEvents(response.body as ReadableStream<Uint8Array>)) {
          pause_ms = RETRY_FIRST_MS;
          yield { name: event.name, data: JSON.parse(event.data) as T };
          if (event.name === 'done') return;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (isQuotaExceeded(error)) pause_ms = (error.retryAfter_s ?? 60) * 1000;
        else if (error instanceof ApiProblem && error.status < 500) throw error;
      }
      await this.#parts.wait(pause_ms);
      pause_ms = Math.min(pause_ms * 2, RETRY_MOST_MS);
    }
  }

  async #call<T>(path: string, options: RequestOptions): Promise<T> {
    const response = await this.#answer(path, options);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** A good answer, after at most one confirmation. */
  async #answer(path: string, options: RequestOptions): Promise<Response> {
    const rest = path === SIGN_OUT ? null : this.#rest;
    if (rest && Date.now() < rest.until_ms) throw rest.problem;
    let response = await this.#sendKnown(path, options);
    if (response.ok) return response;
    let problem = await problemFrom(response);
    if (problem.kind === 'confirm-first' && (await this.confirm())) {
      response = await this.#sendKnown(path, options);
      if (response.ok) return response;
      problem = await problemFrom(response);
    }
    if (isQuotaExceeded(problem)) {
      this.#rest = { problem, until_ms: Date.now() + (problem.retryAfter_s ?? 60) * 1000 };
    }
    throw problem;
  }

  /** Any answer, after at most one refresh. */
  async #sendKnown(path: string, options: RequestOptions): Promise<Response> {
    const sentWith = this.#token;
    const response = await this.#send(path, options);
    if (response.status !== 401 || sentWith === null) return response;
    const isRenewed = this.#token !== null && this.#token !== sentWith;
    return isRenewed || (await this.refresh()) ? this.#send(path, options) : response;
  }

  async #send(path: string, { method = 'GET', query, json, signal }: RequestOptions) {
    const headers: Record<string, string> = {};
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    if (json !== undefined) headers['Content-Type'] = 'application/json';
    try {
      return await this.#parts.fetch(path + queryText(query), {
        method,
        headers,
        body: json === undefined ? undefined : JSON.stringify(json),
        signal,
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ServerAway();
    }
  }
}

function queryText(query: Query = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') words.set(name, String(value));
  }
  return words.size > 0 ? `?${words}` : '';
}
