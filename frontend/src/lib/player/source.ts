/** The port that music comes in by. BeatRunner's own songs and the runner's files are two sources. */

/** `analysis`: measured in the sound of the file. */
export type TempoSource = 'manual' | 'tap' | 'tag' | 'analysis' | 'generated';

export interface Song {
  /** Names the song within this browser. */
  readonly key: string;
  readonly source: string;
  readonly title: string;
  readonly artist: string;
  readonly album: string | null;
  readonly duration_s: number | null;
  readonly tempo_bpm: number | null;
  readonly tempoSource: TempoSource | null;
  /** Where in the file the first beat is, if that was measured and the beats are even. */
  readonly first_beat_s?: number | null;
  /** Its sound was listened to for a tempo, found or not. */
  readonly isMeasured?: boolean;
}

export interface Source {
  readonly name: string;
  /** Make a song ready to sound: compose it, or read and decode it. Rejects when it cannot. */
  prepare(song: Song, context: BaseAudioContext): Promise<Prepared>;
}

export interface Prepared {
  readonly duration_s: number;
  /** Sound the song from its second `from_s`, which falls on `at_s` of the context's clock. */
  start(output: AudioNode, at_s: number, from_s: number): Playing;
}

export interface Playing {
  /** Called a few times a second: commit whatever sounds before `until_s` of the context's clock. */
  schedule(until_s: number): void;
  end(): void;
}
