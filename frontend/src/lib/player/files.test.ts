import { describe, expect, it } from 'vitest';
import { byName, isAudio, readSong } from './files.ts';

const text = (words: string) => new TextEncoder().encode(words);

/** An ID3v2.3 tag with these text frames, followed by nothing that sounds. */
function tagged(frames: Record<string, string>): Uint8Array<ArrayBuffer> {
  const body = Object.entries(frames).flatMap(([id, words]) => {
    const content = [3, ...text(words)];
    return [...text(id), 0, 0, 0, content.length, 0, 0, ...content];
  });
  return new Uint8Array([
    ...text('ID3'),
    3,
    0,
    0,
    0,
    0,
    body.length >> 7,
    body.length & 127,
    ...body,
  ]);
}

describe('a file', () => {
  it('tells title, artist, album and tempo by its tags', async () => {
    const bytes = tagged({ TIT2: 'Even Steps', TPE1: 'The Belts', TALB: 'Incline', TBPM: '162' });
    const song = await readSong(new File([bytes], '01 x.mp3', { type: 'audio/mpeg' }));
    expect(song).toMatchObject({
      title: 'Even Steps',
      artist: 'The Belts',
      album: 'Incline',
      tempo_bpm: 162,
      tempoSource: 'tag',
    });
  });

  it.each(['0', '999'])('has no tempo when its tag says %s', async (tempo) => {
    const bytes = tagged({ TBPM: tempo });
    const song = await readSong(new File([bytes], 'The Belts - Up.mp3', { type: 'audio/mpeg' }));
    expect(song).toMatchObject({ title: 'Up', artist: 'The Belts', tempo_bpm: null });
  });

  it.each([
    ['03 - The Belts - Up - Live.mp3', 'The Belts', 'Up - Live'],
    ['12. Up.flac', '', 'Up'],
    ['Up.ogg', '', 'Up'],
    ['07 Up.ogg', '', 'Up'],
    ['99 Steps.mp3', '', '99 Steps'],
  ])('is named by %s without tags', (name, artist, title) => {
    expect(byName(name)).toEqual({ artist, title });
  });

  it('is a song or not', () => {
    expect(isAudio(new File([], 'a.FLAC'))).toBe(true);
    expect(isAudio(new File([], 'a', { type: 'audio/mp4' }))).toBe(true);
    expect(isAudio(new File([], 'run.fit'))).toBe(false);
  });
});
