/**
 * Keeps the pages themselves, so that the app opens while BeatRunner's computer sleeps.
 *
 * Every version has a cache of its own, filled as a whole before that version takes over. A page is
 * asked of the server first, so an upgrade is seen with the next page that is opened; only when the
 * server does not answer, the page kept comes instead. Files of pages never change under their name
 * and come from the cache. Everything else (the API, event streams, uploads, downloads) goes its way
 * untouched: what was read last is kept by the pages (`lib/offline`), which know whose it is.
 */

import { version } from '$app/env';
import { assets, immutable } from '$app/manifest';
import { self as worker } from '$app/service-worker';

const SHELL = `beatrunner-shell-${version}`;
const PAGE = '/';
const FILES = [...immutable, ...assets].map(({ path }) => new URL(path, location.origin).pathname);
const KEPT = new Set(FILES);
/** A computer that sleeps does not say no: it says nothing. */
const PATIENCE_MS = 4000;

worker.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => worker.clients.claim()));
});

worker.addEventListener('message', ({ data }: ExtendableMessageEvent) => {
  // A page of this very version can have it at once; others wait until they are loaded again.
  const { takeOver } = (data ?? {}) as { takeOver?: string };
  if (takeOver === 'any' || takeOver === version) void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') {
    // An address under /v1 that is opened as a page is a download.
    if (!pathname.startsWith('/v1/') && !pathname.startsWith('/s/'))
      event.respondWith(page(request));
  } else if (KEPT.has(pathname)) {
    event.respondWith(file(request));
  }
});

async function fill() {
  const cache = await caches.open(SHELL);
  await cache.addAll([PAGE, ...FILES]);
}

async function dropOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('beatrunner-shell-') && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const kept = await caches.match(PAGE, { cacheName: SHELL });
    if (kept) return kept;
    throw error;
  }
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: SHELL })) ?? fetch(request);
}
