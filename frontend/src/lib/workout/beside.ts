/** Whether this is the computer beside the belt, the only one where Start is accepted. */

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** `hostname` is by what name this page was opened. */
export function isBeside(pageUrl: string | null, hostname: string): boolean {
  const address = pageUrl === null ? null : URL.parse(pageUrl);
  return address !== null && LOOPBACK.test(address.hostname) && LOOPBACK.test(hostname);
}
