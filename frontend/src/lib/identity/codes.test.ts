import { expect, it } from 'vitest';
import { digitsOf } from './codes.ts';

it.each([
  ['12345678', '12345678'],
  [' 1234 5678\n', '12345678'],
  ['1234-5678', '12345678'],
  ['Your code: 1234 5678. It is good for 10 minutes.', '12345678'],
  ['12', '12'],
  ['123456789', '12345678'],
  ['no digits', ''],
  ['١٢', ''],
])('finds the code in %j', (text, code) => {
  expect(digitsOf(text, 8)).toBe(code);
});
