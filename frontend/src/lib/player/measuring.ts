/** The tempo of a file, found by listening to it in a worker, so that nothing else waits. */

import type { Beat } from './beat.ts';

/** Beats need no more, and a song so sampled is a few megabytes. */
const RATE_HZ = 11_025;

export interface Heard {
  sound: Float32Array;
  rate_hz: number;
}

export class TempoMeter {
  readonly #claimed = new Set<string>();
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** Whether nobody has asked for this song yet. */
  claim(key: string): boolean {
    const isNew = !this.#claimed.has(key);
    this.#claimed.add(key);
    return isNew;
  }

  forget(key: string): void {
    this.#claimed.delete(key);
  }

  /**
   * Null where there is no beat. One file at a time is read: songs are large. Rejects when the
   * browser cannot decode it.
   */
  find(read: () => Promise<Blob>): Promise<Beat | null> {
    const found = this.#last.then(async () => this.#listen(await decoded(await read())));
    this.#last = found.catch(() => undefined);
    return found;
  }

  #listen(heard: Heard): Promise<Beat | null> {
    this.#worker ??= new Worker(new URL('./measuring.worker.ts', import.meta.url), {
      type: 'module',
    });
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Beat | null>) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(heard, [heard.sound.buffer]);
    });
  }
}

/** The browser decodes aside from the page, and brings it to the rate of the context. */
async function decoded(file: Blob): Promise<Heard> {
  const context = new OfflineAudioContext(1, 1, RATE_HZ);
  const buffer = await context.decodeAudioData(await file.arrayBuffer());
  const sound = new Float32Array(buffer.length);
  for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
    for (const [i, value] of buffer.getChannelData(channel).entries()) {
      sound[i] += value / buffer.numberOfChannels;
    }
  }
  return { sound, rate_hz: buffer.sampleRate };
}
