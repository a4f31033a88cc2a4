/**
 * A registration that waits for its code. It outlives a reload: phones drop pages whose reader went to
 * look into the mail. Never the password.
 */

import type { Registration } from '#lib/identity/types.ts';

const KEY = 'beatrunner.registration';

export interface Pending extends Registration {
  email: string;
}

export const pending = {
  find(now_ms = Date.now()): Pending | null {
    const text = sessionStorage.getItem(KEY);
    if (text === null) return null;
    const found = JSON.parse(text) as Pending;
    return Date.parse(found.expires_at) > now_ms ? found : null;
  },
  keep(found: Pending): void {
    sessionStorage.setItem(KEY, JSON.stringify(found));
  },
  forget(): void {
    sessionStorage.removeItem(KEY);
  },
};
