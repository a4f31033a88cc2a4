import { describe, expect, it } from 'vitest';
import { countFilters, readFilters, writeFilters } from './filters.ts';

const read = (text: string) => readFilters(new URLSearchParams(text));

describe('the filters of the list', () => {
  it('survive a trip through the address', () => {
    const text =
      'q=river&kind=all&surface=trail&music=with&sort=distance_m&order=asc' +
      '&after=2026-01-01&before=2026-02-01&min_distance_m=5000&max_distance_m=21097';
    expect(new URLSearchParams(writeFilters(read(text))).size).toBe(10);
    expect(readFilters(new URLSearchParams(writeFilters(read(text))))).toEqual(read(text));
  });

  it('leave the address empty when all is as usual', () => {
    expect(writeFilters(read(''))).toEqual({});
  });

  it.each([
    'surface=moon',
    'sort=id',
    'order=up',
    'after=yesterday',
    'before=2026-13-45',
    'min_distance_m=-3',
    'max_distance_m=abc',
  ])('ignore %s', (text) => {
    expect(read(text)).toEqual(read(''));
  });

  it('count what narrows, not how it is sorted or searched', () => {
    expect(countFilters(read('q=x&sort=moving_s&order=asc'))).toBe(0);
    expect(countFilters(read('surface=indoor&music=without'))).toBe(2);
  });
});
