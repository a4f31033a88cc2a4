import { describe, expect, it } from 'vitest';
import { Client } from './client.ts';
import { ApiProblem, ServerAway } from './problem.ts';
import type { Session } from './types.ts';

const session = (access_token: string): Session => ({
  access_token,
  expires_in_s: 900,
  account: { id: '1', kind: 'owner', display_name: 'Ada', email: null },
});

const problem = (status: number, name: string) =>
  new Response(JSON.stringify({ type: `/problems/${name}`, title: name, status }), { status });

/** A server that takes one token and hands out the next on refresh. */
function fakeServer(good: string | null) {
  const calls: string[] = [];
  let number = 0;
  let valid = good;
  const answer = async (path: string, init: RequestInit): Promise<Response> => {
    calls.push(`${init.method} ${path}`);
    await Promise.resolve();
    if (path === '/v1/auth/refresh') {
      if (valid === null) return problem(401, 'not-signed-in');
      valid = `fresh-${++number}`;
      return Response.json(session(valid));
    }
    const sent = new Headers(init.headers).get('Authorization');
    if (valid === null || sent !== `Bearer ${valid}`) return problem(401, 'not-signed-in');
    return init.method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json({ path });
  };
  const client = new Client({ fetch: answer as unknown as typeof fetch });
  return { client, calls };
}

describe('a request', () => {
  it('carries the token and only the query words that say something', async () => {
    const { client, calls } = fakeServer('good');
    client.adopt(session('good'));
    await client.get('/v1/activities', { q: '', cursor: null, limit: 50, music: 'with' });
    expect(calls).toEqual(['GET /v1/activities?limit=50&music=with']);
  });

  it('is repeated once with a new token when the old one has run out', async () => {
    const { client, calls } = fakeServer('good');
    client.adopt(session('stale'));
    expect(await client.get('/v1/home')).toEqual({ path: '/v1/home' });
    expect(calls).toEqual(['GET /v1/home', 'POST /v1/auth/refresh', 'GET /v1/home']);
    expect(client.token).toBe('fresh-1');
  });

  it('shares one refresh with all others under way', async () => {
    const { client, calls } = fakeServer('good');
    client.adopt(session('stale'));
    await Promise.all([client.get('/a'), client.get('/b'), client.delete('/c')]);
    expect(calls.filter((call) => call.endsWith('/refresh'))).toHaveLength(1);
  });

  it('gives up, and says so, when the cookie is no good either', async () => {
    const { client, calls } = fakeServer(null);
    client.adopt(session('stale'));
    let signedOut = 0;
    client.onSignedOut = () => signedOut++;
    await expect(client.get('/v1/home')).rejects.toMatchObject({ status: 401 });
    expect(signedOut).toBe(1);
    expect(client.token).toBeNull();
    expect(calls).toHaveLength(2);
  });

  it('of a visitor is not followed by a refresh', async () => {
    const { client, calls } = fakeServer(null);
    await expect(client.post('/v1/auth/sign-in', {})).rejects.toBeInstanceOf(ApiProblem);
    expect(calls).toEqual(['POST /v1/auth/sign-in']);
  });

  it('without an answer means that the server is away', async () => {
    const client = new Client({ fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
    await expect(client.get('/v1/home')).rejects.toBeInstanceOf(ServerAway);
  });
});

describe('a request that wants the runner to be confirmed', () => {
  function guarded(isConfirmed: boolean) {
    const calls: string[] = [];
    let asked = 0;
    let isFresh = false;
    const client = new Client({
      fetch: ((path: string, init: RequestInit) => {
        calls.push(`${init.method} ${path} ${init.body as string}`);
        return Promise.resolve(isFresh ? Response.json('done') : problem(403, 'confirm-first'));
      }) as typeof fetch,
    });
    client.confirm = async () => {
      asked++;
      await Promise.resolve();
      return (isFresh = isConfirmed);
    };
    return { client, calls, asked: () => asked };
  }

  it('is repeated as it was when they did', async () => {
    const { client, calls } = guarded(true);
    expect(await client.put('/v1/account/password', { password: 'new' })).toBe('done');
    const sent = 'PUT /v1/account/password {"password":"new"}';
    expect(calls).toEqual([sent, sent]);
  });

  it('is not made when they did not', async () => {
    const { client, calls } = guarded(false);
    await expect(client.post('/v1/account/totp')).rejects.toMatchObject({ kind: 'confirm-first' });
    expect(calls).toHaveLength(1);
  });

  it('asks no second time when the server is not content', async () => {
    const { client, calls, asked } = guarded(false);
    client.confirm = () => Promise.resolve(true);
    await expect(client.post('/v1/account/totp')).rejects.toMatchObject({ kind: 'confirm-first' });
    expect([calls.length, asked()]).toEqual([2, 0]);
  });

  it('refused for another reason is left alone', async () => {
    const client = new Client({ fetch: () => Promise.resolve(problem(403, 'forbidden')) });
    client.confirm = () => Promise.reject(new Error('asked'));
    await expect(client.post('/v1/auth/demo')).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('following events', () => {
  const stream = (...events: [string, number][]) =>
    new Response(events.map(([name, n]) => `event: ${name}\ndata: ${n}\n\n`).join(''));

  async function follow(answers: (() => Response)[], signal = new AbortController().signal) {
    const waits: number[] = [];
    const client = new Client({
      fetch: () => {
        const next = answers.shift();
        return next ? Promise.resolve(next()) : Promise.reject(new TypeError());
      },
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    });
    const seen: unknown[] = [];
    for await (const event of client.events<number>('/events', signal)) seen.push(event.data);
    return { seen, waits };
  }

  it('ends with the event "done"', async () => {
    const { seen } = await follow([() => stream(['progress', 1], ['done', 2], ['progress', 3])]);
    expect(seen).toEqual([1, 2]);
  });

  it('goes on after a break, waiting longer each time nothing comes', async () => {
    const { seen, waits } = await follow([
      () => stream(['progress', 1]),
      () => problem(503, 'unavailable'),
      () => problem(503, 'unavailable'),
      () => stream(['progress', 2], ['done', 3]),
    ]);
    expect(seen).toEqual([1, 2, 3]);
    expect(waits).toEqual([500, 1000, 2000]);
  });

  it('stops when the server refuses', async () => {
    await expect(follow([() => problem(404, 'not-found')])).rejects.toMatchObject({ status: 404 });
  });
});

describe('reading while the server is away', () => {
  const away = () => Promise.reject(new TypeError('no way'));
  const kept: string[] = [];
  const memory = {
    keep: (path: string) => {
      kept.push(path);
      return Promise.resolve();
    },
    find: (path: string) =>
      Promise.resolve(path === '/v1/home' ? { value: 'old', at_ms: 5 } : null),
  };

  it('gives the older answer, and says how old it is', async () => {
    const client = new Client({ fetch: away, memory });
    let at_ms = 0;
    client.onKept = (found) => (at_ms = found);
    expect(await client.get('/v1/home')).toBe('old');
    expect(at_ms).toBe(5);
    await expect(client.get('/v1/training')).rejects.toBeInstanceOf(ServerAway);
  });

  it('keeps what is answered, and refuses to change anything', async () => {
    const client = new Client({ fetch: () => Promise.resolve(Response.json('new')), memory });
    expect(await client.get('/v1/home', { a: 1 })).toBe('new');
    expect(kept).toEqual(['/v1/home?a=1']);
    const cut = new Client({ fetch: away, memory });
    await expect(cut.post('/v1/home')).rejects.toBeInstanceOf(ServerAway);
  });

  it('does without a memory that may not be used', async () => {
    const refuse = () => Promise.reject(new DOMException('no storage', 'SecurityError'));
    const client = new Client({
      fetch: () => Promise.resolve(Response.json('new')),
      memory: { keep: refuse, find: refuse },
    });
    expect(await client.get('/v1/home')).toBe('new');
  });
});

it('asks nothing more until the server wants it to, where it asked too often', async () => {
  let asked = 0;
  const refused = () => {
    asked += 1;
    const body = JSON.stringify({ type: '/problems/quota-exceeded', title: '' });
    return Promise.resolve(new Response(body, { status: 429, headers: { 'Retry-After': '60' } }));
  };
  const client = new Client({ fetch: refused });
  for (let time = 0; time < 3; time++) {
    await expect(client.get('/v1/profile')).rejects.toMatchObject({ retryAfter_s: 60 });
  }
  expect(asked).toBe(1);
  await expect(client.post('/v1/auth/sign-out')).rejects.toBeInstanceOf(ApiProblem);
  expect(asked).toBe(2);
  client.adopt(session('of another account'));
  await expect(client.get('/v1/profile')).rejects.toBeInstanceOf(ApiProblem);
  expect(asked).toBe(3);
});
