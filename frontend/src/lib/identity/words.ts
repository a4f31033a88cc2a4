/** What the settings say of sign-ins, tokens and events. */

import { formatAgo, formatMoment } from '#lib/format/date.ts';
import { t } from '#lib/i18n/index.ts';
import type { AccessToken, SecurityEvent } from './types.ts';

const words = t.security;

/** "last used 5 minutes ago", "never used" */
export const usedWords = (used_at: string | null, now_ms: number): string =>
  used_at === null ? words.neverUsed : words.lastUsed(formatAgo(used_at, now_ms));

/** What happened, with the name of what it happened to. */
export function eventTitle({ kind, detail }: SecurityEvent): string {
  const title = words.events[kind];
  const name = detail?.name ?? detail?.label;
  return name ? `${title}: ${name}` : title;
}

/** Where a network is, which the server tells as "192.0.2.0/24" or "2001:db8:1::/48". */
export function networkWords(network: string): string {
  if (/^(127\.|::\/)/.test(network)) return words.from.here;
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd]|fe80)/i.test(network)) {
    return words.from.home;
  }
  return words.from.network(network.replace(/\.0\/24$/, '.x').replace(/::\/48$/, ':…'));
}

/** When, with which device, and from where. */
export function eventCircumstances(event: SecurityEvent, timeZone: string): string {
  const { at, device_name, network } = event;
  const isOfServer = device_name === null && network === null;
  return [
    formatMoment(at, timeZone),
    isOfServer ? words.logByServer : device_name,
    network && networkWords(network),
  ]
    .filter(Boolean)
    .join(', ');
}

/** What a token may do, until when, and when it last did. */
export function tokenWords(token: AccessToken, timeZone: string, now_ms: number): string {
  const { expires_at } = token;
  const may = words.tokens.mayDo(
    token.scopes.map((scope) => words.tokens.scopes[scope]).join('; '),
  );
  const day = expires_at && formatMoment(expires_at, timeZone);
  const end =
    expires_at === null || day === null
      ? words.tokens.forever
      : Date.parse(expires_at) > now_ms
        ? words.tokens.until(day)
        : words.tokens.ended(day);
  return [may, end, usedWords(token.used_at, now_ms)].join(', ');
}
