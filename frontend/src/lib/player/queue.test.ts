import { describe, expect, it } from 'vitest';
import {
  changed,
  currentOf,
  EMPTY,
  jumped,
  moved,
  nextOf,
  queueOf,
  stepped,
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
