import { describe, expect, it } from 'vitest';
import { below } from './chance.ts';

describe('chance', () => {
  it('stays below, and leaves nothing out', () => {
    const drawn = Array.from({ length: 400 }, () => below(5));
    expect([...new Set(drawn)].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(below(1)).toBe(0);
  });
});
