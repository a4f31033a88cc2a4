/**
 * New versions of the pages: the worker that keeps them fetches a new one by itself, and waits.
 *
 * A page that came from the server is of the new version already and lets the worker take over. One
 * that has been open since before says so, and is loaded again when the runner wants it.
 */

import { version } from '$app/env';
import { t } from '#lib/i18n/index.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';

export function offerNewVersions(): void {
  // Not on plain HTTP in a network, and not where the certificate is not trusted.
  void navigator.serviceWorker?.ready.then((registration) => {
    const offer = (worker: ServiceWorker | null) => {
      worker?.postMessage({ takeOver: version });
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed' && navigator.serviceWorker.controller) tell(worker);
      });
    };
    offer(registration.waiting);
    registration.addEventListener('updatefound', () => offer(registration.installing));
  });
}

function tell(worker: ServiceWorker): void {
  // Of the version of this page: nothing to tell.
  worker.postMessage({ takeOver: version });
  setTimeout(() => {
    if (worker.state !== 'installed') return;
    toasts.show(t.offline.newVersion, {
      action: {
        label: t.offline.reload,
        run: () => {
          navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
          worker.postMessage({ takeOver: 'any' });
        },
      },
    });
  }, 500);
}
