import { expect, test } from 'vitest';
import { readGroupFilters, writeGroupFilters } from './groups.ts';

test('the usual leaves the address empty', () => {
  const usual = readGroupFilters(new URLSearchParams());
  expect(usual).toEqual({ q: '', sort: 'run_time', order: 'desc' });
  expect(writeGroupFilters(usual)).toEqual({});
});

test('what was chosen survives the address', () => {
  const chosen = { q: 'abba', sort: 'name', order: 'asc' } as const;
  expect(readGroupFilters(new URLSearchParams(writeGroupFilters(chosen)))).toEqual(chosen);
});

test('what cannot be read is ignored', () => {
  const query = new URLSearchParams({ sort: 'mood', order: 'sideways', q: 'x'.repeat(200) });
  expect(readGroupFilters(query)).toEqual({ q: 'x'.repeat(100), sort: 'run_time', order: 'desc' });
});
