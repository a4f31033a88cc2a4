/** The address of a page, which follows what is looked at. */

import { replaceState } from '$app/navigation';
import { page } from '$app/state';

/** Browsers limit how often an address may change. */
const PAUSE_MS = 200;

/** Keeps the query at what `query` gives, a moment later. To be called while a component is made. */
export function followInAddress(query: () => URLSearchParams): void {
  $effect(() => {
    const words = query().toString();
    const timer = setTimeout(() => {
      const path = location.pathname + (words && `?${words}`);
      if (path !== location.pathname + location.search) void replaceState(path, page.state);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  });
}
