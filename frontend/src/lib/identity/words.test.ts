import { expect, it } from 'vitest';
import type { AccessToken, SecurityEvent } from './types.ts';
import { eventCircumstances, eventTitle, networkWords, tokenWords } from './words.ts';

const NOW = Date.parse('2026-11-22T09:00:00Z');

const event = (change: Partial<SecurityEvent> = {}): SecurityEvent => ({
  id: '1',
  at: '2026-11-21T08:30:00Z',
  kind: 'signed_in',
  device_name: 'Firefox on Linux',
  network: '192.0.2.0/24',
  detail: null,
  ...change,
});

it('tells events by what they are about, and never by a code', () => {
  expect(eventTitle(event())).toBe('Signed in');
  expect(eventTitle(event({ kind: 'token_made', detail: { name: 'Watch' } }))).toBe(
    'An access token was made: Watch',
  );
});

it('tells where an event came from, or that nobody from outside was there', () => {
  expect(eventCircumstances(event(), 'UTC')).toMatch(
    /Firefox on Linux, from the network 192\.0\.2\.x$/,
  );
  expect(eventCircumstances(event({ device_name: null, network: null }), 'UTC')).toMatch(
    /by BeatRunner itself$/,
  );
});

it.each([
  ['127.0.0.0/24', 'at this computer'],
  ['::/48', 'at this computer'],
  ['192.168.1.0/24', 'from a home network'],
  ['172.20.0.0/24', 'from a home network'],
  ['172.40.0.0/24', 'from the network 172.40.0.x'],
  ['2001:db8:1::/48', 'from the network 2001:db8:1:…'],
])('says where %s is', (network, where) => {
  expect(networkWords(network)).toBe(where);
});

it('tells what a token may do, and whether it still may', () => {
  const token: AccessToken = {
    id: '1',
    name: 'Watch',
    scopes: ['imports'],
    created_at: '2026-11-01T00:00:00Z',
    used_at: null,
    expires_at: null,
  };
  expect(tokenWords(token, 'UTC', NOW)).toBe(
    'May add runs and listening history, without end, never used',
  );
  const used = { ...token, used_at: '2026-11-22T08:55:00Z' };
  expect(tokenWords({ ...used, expires_at: '2026-11-21T00:00:00Z' }, 'UTC', NOW)).toMatch(
    /, ended .*2026.*, last used 5 minutes ago$/,
  );
});
