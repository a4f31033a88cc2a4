import { expect, it } from 'vitest';
import { trendOf } from './trend.ts';

it('says how much more or less', () => {
  expect(trendOf(120, 100)).toEqual({ kind: 'up', share: expect.closeTo(0.2) });
  expect(trendOf(50, 100)).toEqual({ kind: 'down', share: 0.5 });
  expect(trendOf(0, 100)).toEqual({ kind: 'down', share: 1 });
});

it('does not speak of what nobody would notice', () => {
  expect(trendOf(101, 100)).toEqual({ kind: 'same' });
});

it('compares with nothing only in words', () => {
  expect(trendOf(10, 0)).toEqual({ kind: 'fresh' });
  expect(trendOf(0, 0)).toBeNull();
});
