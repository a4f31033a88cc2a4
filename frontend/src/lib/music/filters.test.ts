import { describe, expect, it } from 'vitest';
import { countFilters, queryOf, readFilters, writeFilters } from './filters.ts';

const read = (text: string) => readFilters(new URLSearchParams(text));

describe('the filters of the songs', () => {
  it('survive a trip through the address', () => {
    const text =
      'q=river&sort=title&order=asc&in_step=true&verdict=single&min_tempo_bpm=80&max_tempo_bpm=90' +
      '&cadence_spm=172&min_plays=3';
    expect(new URLSearchParams(writeFilters(read(text))).toString().split('&').sort()).toEqual(
      text.split('&').sort(),
    );
  });

  it('leave the address empty when all is as usual, and still say the order to the server', () => {
    expect(writeFilters(read(''))).toEqual({});
    expect(queryOf(read(''))).toEqual({ sort: 'run_plays' });
  });

  it.each([
    'sort=id',
    'in_step=1',
    'verdict=sure',
    'cadence_spm=30',
    'min_tempo_bpm=x',
    'min_plays=0',
  ])('ignore %s', (text) => {
    expect(read(text)).toEqual(read(''));
  });

  it('count what narrows, not how it is sorted or searched', () => {
    expect(countFilters(read('q=x&sort=title&order=asc'))).toBe(0);
    expect(countFilters(read('in_step=true&verdict=own'))).toBe(2);
  });
});
