/** What is out of order, in plain words, the most urgent first. */

import type { BeltLock, Live } from '#lib/live/messages.ts';
import type { SocketState } from '#lib/live/socket.ts';
import { t } from '#lib/i18n/index.ts';

export interface Notice {
  text: string;
  tone: 'danger' | 'warn' | 'plain';
}

/** Said elsewhere on the page, better by the state of a link, or of no use to the runner. */
const SAID: readonly string[] = [
  'start_unconfirmed',
  'heart_unfit',
  'bluetooth_lost',
  'locked',
  'waiting',
  'wish_refused',
];

export function noticesOf(live: Live | null, link: SocketState): Notice[] {
  if (link === 'lost') return [danger(t.live.notice.pageLost)];
  if (link === 'closed') return [danger(t.live.notice.pageClosed)];
  if (!live) return [];
  if (live.bridge === 'lost') return [danger(t.live.notice.bridgeLost)];
  if (live.bridge === 'none' || !live.status) return [warn(t.live.notice.bridgeNone)];
  return [...beltNotices(live.status), ...linkNotices(live.status), ...reasons(live, live.status)];
}

type Status = NonNullable<Live['status']>;

function beltNotices({ lock, treadmill, trouble }: Status): Notice[] {
  const words = t.live.notice;
  const found: Notice[] = [];
  if (lock) found.push(danger(t.live.beltLock[lock satisfies BeltLock]));
  if (treadmill === 'lost') found.push(danger(words.treadmillLost));
  if (trouble) found.push(warn(words.trouble(trouble)));
  else if (treadmill === 'searching' || treadmill === 'connecting')
    found.push(warn(words.treadmillSearching));
  else if (treadmill === 'none') found.push(warn(words.treadmillNone));
  return found;
}

function linkNotices({ heart, heart_fit, pod, is_calibrated, treadmill }: Status): Notice[] {
  const words = t.live.notice;
  const found: Notice[] = [];
  if (heart === 'lost') found.push(warn(words.heartLost));
  else if (heart !== 'connected') found.push(warn(words.heartNone));
  else if (!heart_fit) found.push(warn(words.heartUnfit));
  if (pod === 'lost') found.push(plain(words.podLost));
  else if (pod === 'none') found.push(plain(words.podNone));
  if (!is_calibrated && treadmill === 'connected') found.push(plain(words.uncalibrated));
  return found;
}

function reasons({ advice_reasons }: Live, status: Status): Notice[] {
  const belt = status.reasons.filter((code) => !SAID.includes(code));
  const known = (words: Record<string, string>, codes: string[]) =>
    codes.flatMap((code) => words[code] ?? []);
  return [
    ...known(t.live.reason, belt).map(warn),
    ...known(t.live.advice, status.control === 'automation' ? advice_reasons : []).map(plain),
  ];
}

const danger = (text: string): Notice => ({ text, tone: 'danger' });
const warn = (text: string): Notice => ({ text, tone: 'warn' });
const plain = (text: string): Notice => ({ text, tone: 'plain' });
