import { expect, test } from 'vitest';
import { lowerCeiling } from './ceiling.ts';

test('a workout lowers the ceiling of the runner and never raises it', () => {
  expect(lowerCeiling(170, 180)).toBe(170);
  expect(lowerCeiling(190, 180)).toBe(180);
  expect(lowerCeiling(null, 180)).toBe(180);
  expect(lowerCeiling(170, undefined)).toBe(170);
  expect(lowerCeiling(null, null)).toBe(null);
});
