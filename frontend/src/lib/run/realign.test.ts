import { describe, expect, it } from 'vitest';
import type { Listen } from '#lib/api/types.ts';
import { realign } from './realign.ts';

const play = (track_id: string, started_s: number, ended_s: number): Listen => ({
  track_id,
  started_s,
  ended_s,
  uncertainty_s: 2,
});
const short = (listens: Listen[], offset_s: number, length_s: number) =>
  realign(listens, offset_s, length_s).map((s) => [s.track_id, s.start_s, s.end_s]);

describe('realign', () => {
  it('includes the song already playing at the start and cuts the one still playing at the end', () => {
    expect(short([play('a', -100, 50), play('b', 50, 400)], 0, 100)).toEqual([
      ['a', 0, 50],
      ['b', 50, 100],
    ]);
  });

  it('calls the rest silence and closes gaps of up to 3 s', () => {
    expect(short([play('a', 10, 20), play('b', 23, 30), play('c', 34, 40)], 0, 50)).toEqual([
      [null, 0, 10],
      ['a', 10, 23],
      ['b', 23, 30],
      [null, 30, 34],
      ['c', 34, 40],
      [null, 40, 50],
    ]);
  });

  it('lets the later start win, and the interrupted song resume', () => {
    expect(short([play('a', 0, 60), play('b', 40, 50)], 0, 60)).toEqual([
      ['a', 0, 40],
      ['b', 40, 50],
      ['a', 50, 60],
    ]);
  });

  it('knows a change as well as the play that makes it', () => {
    const spans = realign(
      [
        { track_id: 'a', started_s: -10, ended_s: 60, uncertainty_s: 9 },
        { track_id: 'b', started_s: 40, ended_s: 50, uncertainty_s: 2 },
      ],
      0,
      100,
    );
    expect(spans.map((span) => span.start_uncertainty_s)).toEqual([0, 2, 2, 9]);
  });

  it('moves the music later by a positive offset', () => {
    expect(short([play('a', 0, 60)], 15, 60)).toEqual([
      [null, 0, 15],
      ['a', 15, 60],
    ]);
    expect(short([play('a', 0, 60)], -20, 60)).toEqual([
      ['a', 0, 40],
      [null, 40, 60],
    ]);
  });

  it('is all silence without music', () => {
    expect(short([], 0, 60)).toEqual([[null, 0, 60]]);
    expect(short([play('a', 0, 60)], 5000, 60)).toEqual([[null, 0, 60]]);
  });

  it('tiles the run exactly whatever is played', () => {
    let seed = 1;
    const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
    for (let round = 0; round < 300; round++) {
      const listens = Array.from({ length: random(12) }, (_, i) => {
        const start = random(4000) - 500;
        return play(`t${i % 4}`, start, start + random(400));
      });
      const spans = realign(listens, random(600) - 300, 3000);
      expect(spans[0]?.start_s).toBe(0);
      expect(spans.at(-1)?.end_s).toBe(3000);
      spans.forEach((span, i) => {
        expect(span.end_s).toBeGreaterThan(span.start_s);
        if (i > 0) expect(span.start_s).toBe(spans[i - 1].end_s);
      });
    }
  });
});
