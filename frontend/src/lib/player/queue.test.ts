import { describe, expect, it } from 'vitest';
import {
  changed,
  currentOf,
  EMPTY,
  jumped,
  moved,
  nextOf,
  queueOf,
  shuffled,
  stepped,
  unshuffled,
  upcoming,
  withNext,
  without,
  withSongs,
  type Queue,
} from './queue.ts';
import type { Song } from './source.ts';

const song = (key: string): Song => ({
  key,
  source: 'files',
  title: key,
  artist: '',
  album: null,
  duration_s: null,
  tempo_bpm: null,
  tempoSource: null,
});

const queue = (keys: string, current: string): Queue =>
  jumped(queueOf([...keys].map(song)), current);
const shown = (of: Queue) => of.songs.map(({ key }) => key).join('');

describe('the queue', () => {
  it('goes round, both ways', () => {
    expect(currentOf(stepped(queue('abc', 'c'), 1))?.key).toBe('a');
    expect(currentOf(stepped(queue('abc', 'a'), -1))?.key).toBe('c');
    expect(upcoming(queue('abcd', 'b')).map(({ key }) => key)).toEqual(['c', 'd', 'a']);
  });

  it('can be empty, or hold a single song', () => {
    expect(currentOf(EMPTY)).toBeNull();
    expect(nextOf(EMPTY)).toBeNull();
    expect(stepped(EMPTY, 1)).toBe(EMPTY);
    expect(nextOf(queueOf([song('a')]))?.key).toBe('a');
    expect(currentOf(withSongs(EMPTY, [song('a')]))?.key).toBe('a');
    expect(without(queueOf([song('a')]), 'a')).toEqual(EMPTY);
  });

  it.each([
    ['a', 'c', 'acbd'],
    ['c', 'a', 'bcad'],
    ['d', 'b', 'acdb'],
  ])('with %s playing takes %s next', (current, next, order) => {
    const after = withNext(queue('abcd', current), next, false);
    expect(shown(after)).toBe(order);
    expect(currentOf(after)?.key).toBe(current);
    expect(nextOf(after)?.key).toBe(next);
  });

  it('lets the runner’s pick stand against the server’s, until it plays', () => {
    const picked = withNext(queue('abcd', 'a'), 'd', true);
    expect(withNext(picked, 'b', false)).toBe(picked);
    expect(nextOf(withNext(picked, 'b', true))?.key).toBe('b');
    expect(nextOf(withNext(stepped(picked, 1), 'c', false))?.key).toBe('c');
  });

  it('does not let a song follow itself, or one that is not there', () => {
    const now = queue('abc', 'b');
    expect(withNext(now, 'b', true)).toBe(now);
    expect(withNext(now, 'x', true)).toBe(now);
  });

  it('goes on playing the same song while others move, come and go', () => {
    const steps = [
      moved(queue('abcd', 'b'), 'b', 1),
      moved(queue('abcd', 'b'), 'c', -1),
      without(queue('abcd', 'b'), 'a'),
      withSongs(queue('abcd', 'b'), [song('e'), song('a')]),
    ];
    expect(steps.map(shown)).toEqual(['acbd', 'acbd', 'bcd', 'abcde']);
    for (const step of steps) expect(currentOf(step)?.key).toBe('b');
  });

  it('takes the song after a removed one that played', () => {
    expect(currentOf(without(queue('abc', 'b'), 'b'))?.key).toBe('c');
    expect(currentOf(without(queue('abc', 'c'), 'c'))?.key).toBe('a');
  });

  it('changes what is known of a song', () => {
    const after = changed(queue('ab', 'b'), 'b', { tempo_bpm: 160 });
    expect(currentOf(after)?.tempo_bpm).toBe(160);
    expect(after.songs[0].tempo_bpm).toBeNull();
  });
});

describe('an order of chance', () => {
  const songs = [...'abcdef'].map(song);
  const first = () => 0;
  const byChance = (of: Queue) => [...of.byChance].sort().join('');

  it('has all songs once, and what sounds stays', () => {
    const after = shuffled(queue('abcdef', 'c'), true, first);
    expect(shown(after)).toMatch(/^c/);
    expect([...shown(after)].sort().join('')).toBe('abcdef');
    expect(currentOf(after)?.key).toBe('c');
    expect(byChance(after)).toBe('abdef');
    expect(byChance(shuffled(queue('abcdef', 'c'), false, first))).toBe('abcdef');
  });

  it('is any order, each as likely', () => {
    const counts = new Map<string, number>();
    // Every draw of Fisher-Yates for three songs, once.
    for (const a of [0, 1, 2]) {
      for (const b of [0, 1]) {
        const drawn = [a, b];
        const order = shown(shuffled(queue('abc', 'a'), false, () => drawn.shift() ?? 0));
        counts.set(order, (counts.get(order) ?? 0) + 1);
      }
    }
    expect([...counts.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  });

  it('is nobody’s to change but the runner’s', () => {
    const order = queueOf(songs, true);
    expect(withNext(order, 'e', false)).toBe(order);
    const picked = withNext(order, 'e', true);
    expect(nextOf(picked)?.key).toBe('e');
    expect(byChance(picked)).toBe('abcdf');
    expect(byChance(moved(order, 'b', 1))).toBe('acdef');
    expect(byChance(jumped(order, 'd'))).toBe('abcef');
  });

  it('stands when a song is skipped, and not when the runner goes back', () => {
    const order = queueOf(songs, true);
    expect(byChance(stepped(stepped(order, 1), 1))).toBe('abcdef');
    expect(byChance(stepped(stepped(order, 1), -1))).toBe('bcdef');
    expect(byChance(without(order, 'c'))).toBe('abcdef');
  });

  it('is given up for the songs’ own', () => {
    const after = unshuffled(shuffled(queue('abcdef', 'c'), true, first), songs);
    expect(shown(after)).toBe('abcdef');
    expect(currentOf(after)?.key).toBe('c');
    expect(byChance(after)).toBe('');
    expect(unshuffled(EMPTY, [])).toEqual(EMPTY);
  });
});
