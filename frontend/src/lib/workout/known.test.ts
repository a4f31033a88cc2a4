import { expect, test } from 'vitest';
import { live } from '#lib/live/fixture.ts';
import { knownFrom } from './known.ts';

const led = { ...live, own_gait_s: 14 * 3600 + 1700, own_heart_s: 1500 };

test('the beat is led by the steps, the heart by the heart', () => {
  const beat = { ...led, settings: { ...live.settings, mode: 'beat' as const } };
  const heart = { ...led, settings: { ...live.settings, mode: 'heart' as const } };
  expect(knownFrom(beat)).toBe('from 14\u202fh of your runs');
  expect(knownFrom(heart)).toBe('from 25\u202fmin of your runs');
});

test('nothing is said of a stranger, nor where the runner leads', () => {
  expect(knownFrom(null)).toBe('');
  expect(knownFrom({ ...live, settings: { ...live.settings, mode: 'beat' } })).toBe('');
  expect(knownFrom({ ...led, settings: { ...live.settings, mode: 'manual' } })).toBe('');
});
