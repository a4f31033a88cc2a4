/** Who can open a link, which depends on by what address it is given out. */

const LOOPBACK = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;
const HOME = /^https:\/\/(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|[^/]+\.local(:|$))/;

export interface Reach {
  address: string;
  reach: 'here' | 'home' | 'everywhere';
}

/** `path` under the address by which most can open it: this page's own, or one of the home network. */
export function linkFor(path: string, origin: string, homeOrigins: string[]): Reach {
  const base = LOOPBACK.test(origin) ? (homeOrigins[0] ?? origin) : origin;
  const reach = LOOPBACK.test(base) ? 'here' : HOME.test(base) ? 'home' : 'everywhere';
  return { address: base + path, reach };
}
