import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { Library } from './library.ts';
import type { Song } from './source.ts';

const song = (key: string): Song => ({
  key,
  source: 'files',
  title: `Song ${key}`,
  artist: 'Somebody',
  album: null,
  duration_s: 200,
  tempo_bpm: null,
  tempoSource: null,
});

describe('the library', () => {
  it('is there again on the next visit, with file and tempo', async () => {
    const before = await Library.open('runner');
    expect(await before.put(song('a'), new Blob(['sound']))).toBe(true);
    await before.put(song('b'), new Blob(['more']));
    await before.change('a', { tempo_bpm: 162.4, tempoSource: 'tap' });
    before.close();

    const after = await Library.open('runner');
    expect(await after.list()).toEqual([
      { ...song('a'), tempo_bpm: 162.4, tempoSource: 'tap' },
      song('b'),
    ]);
    expect(await (await after.file('a')).text()).toBe('sound');
    await after.remove('a');
    expect((await after.list()).map(({ key }) => key)).toEqual(['b']);
    await expect(after.file('a')).rejects.toThrow();
  });

  it('belongs to one account', async () => {
    const other = await Library.open('somebody else');
    expect(await other.list()).toEqual([]);
  });
});
