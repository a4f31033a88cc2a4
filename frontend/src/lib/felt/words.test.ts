import { describe, expect, it } from 'vitest';
import { shareWords, toldOf } from './words.ts';

const group = (too_easy: number, right: number, too_hard: number) => ({
  too_easy,
  right,
  too_hard,
  right_pct: { value: 78.3, low: 58.1, high: 90.4 },
});

describe('how often runs felt right', () => {
  it('is counted while there are few', () => {
    expect(shareWords(group(1, 3, 0))).toEqual({ text: '3 of 4 felt right so far', range: '' });
  });

  it('is a share with its range when there are more', () => {
    expect(toldOf(group(2, 18, 3))).toBe(23);
    expect(shareWords(group(2, 18, 3))).toEqual({
      text: '78 % felt right',
      range: '(probably 58 to 90 % of such runs do)',
    });
  });

  it('is nothing before anything was told', () => {
    const nothing = { too_easy: 0, right: 0, too_hard: 0, right_pct: null };
    expect(shareWords(nothing).text).toBe('nothing told yet');
  });
});
