/** The runner's own audio files: what their tags say, and how they are made to sound. */

import type { Library } from './library.ts';
import type { Playing, Prepared, Song, Source } from './source.ts';

const NAME = 'files';
const AUDIO = /\.(mp3|m4a|aac|flac|ogg|oga|opus|wav|webm|weba)$/i;
/** Tags outside this are typing mistakes, or 0 for "not set". */
const PLAUSIBLE_BPM = [30, 300];

export const isAudio = (file: File): boolean =>
  file.type.startsWith('audio/') || AUDIO.test(file.name);

/** What a file says of itself. A file without tags is called by its name. */
export async function readSong(file: File): Promise<Song> {
  const { parseBlob } = await import('music-metadata');
  const { common, format } = await parseBlob(file, { skipCovers: true, duration: true });
  // The library's own name for the tempo.
  const tempo = Number(Reflect.get(common, 'bpm') ?? 0);
  const isPlausible = tempo >= PLAUSIBLE_BPM[0] && tempo <= PLAUSIBLE_BPM[1];
  const named = byName(file.name);
  return {
    key: `${NAME}:${file.name}:${file.size}`,
    source: NAME,
    title: common.title?.trim() || named.title,
    artist: common.artist?.trim() || named.artist,
    album: common.album?.trim() || null,
    duration_s: format.duration ?? null,
    tempo_bpm: isPlausible ? tempo : null,
    tempoSource: isPlausible ? 'tag' : null,
  };
}

/** "03 - Artist - Title.mp3", with the number in one of its usual forms or without. */
export function byName(fileName: string): { title: string; artist: string } {
  const bare = fileName.replace(/\.[^.]+$/, '').replace(/^(\d{1,3}\s*[._-]\s*|0\d{1,2}\s+)/, '');
  const [artist, ...title] = bare.split(/\s+-\s+/);
  return title.length > 0 ? { artist, title: title.join(' - ') } : { artist: '', title: artist };
}

export const fileSource = (library: Library): Source => ({
  name: NAME,
  async prepare(song, context) {
    const file = await library.file(song.key);
    return new DecodedSong(await context.decodeAudioData(await file.arrayBuffer()));
  },
});

class DecodedSong implements Prepared {
  readonly #buffer: AudioBuffer;

  constructor(buffer: AudioBuffer) {
    this.#buffer = buffer;
  }

  get duration_s(): number {
    return this.#buffer.duration;
  }

  start(output: AudioNode, at_s: number, from_s: number): Playing {
    const node = output.context.createBufferSource();
    node.buffer = this.#buffer;
    node.connect(output);
    node.start(at_s, from_s);
    return {
      schedule: () => undefined,
      end: () => node.stop(output.context.currentTime + 0.2),
    };
  }
}
