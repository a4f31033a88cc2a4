import { describe, expect, it } from 'vitest';
import type { Client } from '#lib/api/client.ts';
import { generatedSongs } from './generated.ts';
import { TrackRegister } from './tracks.ts';

function setUp(failures = 0) {
  const calls: [string, unknown][] = [];
  const answer = (path: string, json: unknown) => {
    calls.push([path, json]);
    if (failures-- > 0) return Promise.reject(new Error('away'));
    return Promise.resolve({ id: `track ${calls.length}` });
  };
  const api = { post: answer, put: answer } as unknown as Pick<Client, 'post' | 'put'>;
  const tracks = new TrackRegister(api);
  tracks.enter('runner');
  return { tracks, calls };
}

const [song] = generatedSongs;

describe('the register', () => {
  it('introduces a song once, even when asked twice at a time', async () => {
    const { tracks, calls } = setUp();
    expect(tracks.idOf(song.key)).toBeNull();
    const ids = await Promise.all([tracks.register(song), tracks.register(song)]);
    expect(ids).toEqual(['track 1', 'track 1']);
    expect(tracks.idOf(song.key)).toBe('track 1');
    expect(calls).toEqual([
      [
        '/v1/music/tracks',
        {
          title: song.title,
          artist: song.artist,
          album: song.album,
          tempo_bpm: song.tempo_bpm,
          tempo_source: 'generated',
          first_beat_s: null,
        },
      ],
    ]);
  });

  it('tries again after a failure', async () => {
    const { tracks } = setUp(1);
    await expect(tracks.register(song)).rejects.toThrow('away');
    expect(await tracks.register(song)).toBe('track 2');
  });

  it('tells a tempo of songs the server knows', async () => {
    const { tracks, calls } = setUp();
    await tracks.setTempo(song.key, 161, 'tap');
    expect(calls).toEqual([]);
    await tracks.register(song);
    await tracks.setTempo(song.key, 161, 'tap');
    expect(calls[1]).toEqual([
      '/v1/music/tracks/track 1/tempo',
      { tempo_bpm: 161, source: 'tap', first_beat_s: null },
    ]);
  });

  it('forgets another account’s songs', async () => {
    const { tracks, calls } = setUp();
    await tracks.register(song);
    expect(tracks.enter('runner')).toBe(false);
    expect(tracks.enter('other')).toBe(true);
    expect(tracks.idOf(song.key)).toBeNull();
    await tracks.register(song);
    expect(calls).toHaveLength(2);
  });
});
