import { describe, expect, it } from 'vitest';
import { readView, writeView } from './address.ts';

const read = (query: string) => readView(new URLSearchParams(query));

describe('the page address', () => {
  it('survives a round trip and keeps what belongs to others', () => {
    const view = { mode: 'pace', song: 7, window: [600, 900] } as const;
    const query = writeView({ ...view, window: [600, 900] }, new URLSearchParams('from_list=1'));
    expect(query.toString()).toBe('from_list=1&colour=pace&song=7&from=600&to=900');
    expect(readView(query)).toEqual(view);
  });

  it('is empty for the plain view', () => {
    const plain = { mode: 'song', song: null, window: null } as const;
    expect(writeView(plain, new URLSearchParams('colour=pace&song=2')).toString()).toBe('');
  });

  it('ignores what it cannot read', () => {
    expect(read('colour=loudness&song=0&from=900&to=600')).toEqual({
      mode: 'song',
      song: null,
      window: null,
    });
    expect(read('song=-3&from=1e3&to=2000').window).toBeNull();
  });
});
