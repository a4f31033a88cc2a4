import { describe, expect, it } from 'vitest';
import { isBeside } from './beside.ts';

describe('being beside the belt', () => {
  it('takes both pages on this computer', () => {
    expect(isBeside('http://127.0.0.1:4000', 'localhost')).toBe(true);
    expect(isBeside('http://127.0.0.1:4000', 'runs.example.org')).toBe(false);
    expect(isBeside('http://belt.local:4000', 'localhost')).toBe(false);
    expect(isBeside(null, 'localhost')).toBe(false);
  });
});
