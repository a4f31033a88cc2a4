import { findBeat } from './beat.ts';
import type { Heard } from './measuring.ts';

addEventListener('message', ({ data: { sound, rate_hz } }: MessageEvent<Heard>) =>
  postMessage(findBeat(sound, rate_hz)),
);
