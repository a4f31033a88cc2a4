import { expect, it } from 'vitest';
import { bridgeCommand, isLoopback, limitsWords } from './words.ts';

const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ');
const LIMITS = {
  min_speed_kmh: 0.8,
  max_speed_kmh: 16,
  speed_step_kmh: 0.1,
  min_incline_pct: -3,
  max_incline_pct: 12,
  incline_step_pct: 0.5,
};

it('tells what a machine can do in the runner’s units', () => {
  expect(plain(limitsWords(LIMITS, 'km'))).toBe('0.8–16 km/h, incline −3 to 12 %');
  expect(plain(limitsWords(LIMITS, 'mi'))).toBe('0.5–9.9 mph, incline −3 to 12 %');
  const flat = { ...LIMITS, min_incline_pct: 0, max_incline_pct: 0 };
  expect(plain(limitsWords(flat, 'km'))).toBe('0.8–16 km/h, no incline motor');
  expect(limitsWords(null, 'km')).toBe('has not told its limits');
});

it('gives the command that pairs', () => {
  expect(bridgeCommand('http://127.0.0.1:8000', 'ABCD-EFGH')).toBe(
    'beatrunner bridge --server http://127.0.0.1:8000 --code ABCD-EFGH',
  );
});

it.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['192.168.1.4', false],
  ['127.example.org', false],
])('%s is this computer: %s', (host, here) => {
  expect(isLoopback(host)).toBe(here);
});
