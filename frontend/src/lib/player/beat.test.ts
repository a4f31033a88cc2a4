import { describe, expect, it } from 'vitest';
import { findBeat } from './beat.ts';

const RATE_HZ = 11_025;

/** Hiss that does not depend on the day. */
function hiss(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Hits of 50 ms that die away, `strengths` one after the other from `first_s` on. */
function drummed(
  tempo_bpm: number,
  { first_s = 0.3, length_s = 20, strengths = [1], noise = 0.01 } = {},
): Float32Array {
  const next = hiss();
  const sound = Float32Array.from({ length: length_s * RATE_HZ }, () => noise * next());
  const hits = ((length_s - first_s) * tempo_bpm) / 60 - 1;
  for (let hit = 0; hit < hits; hit++) {
    const start = Math.round((first_s + (hit * 60) / tempo_bpm) * RATE_HZ);
    const strength = strengths[hit % strengths.length];
    for (let i = 0; i < 0.05 * RATE_HZ; i++) {
      sound[start + i] += strength * Math.exp(-i / (0.01 * RATE_HZ)) * next();
    }
  }
  return sound;
}

const octavesOff = (one_bpm: number, other_bpm: number) => {
  const octaves = Math.log2(one_bpm / other_bpm);
  return Math.abs(octaves - Math.max(-1, Math.min(1, Math.round(octaves))));
};

describe('the tempo of a sound', () => {
  it.each([62, 85.5, 100, 128, 145, 172, 200])('is found at %d', (tempo_bpm) => {
    const beat = findBeat(drummed(tempo_bpm), RATE_HZ);
    expect(octavesOff(beat?.tempo_bpm ?? 0, tempo_bpm)).toBeLessThan(0.005);
  });

  it('is no third of it, however the bar is stressed', () => {
    for (const strengths of [
      [1, 0.3, 0.3],
      [1, 0.4, 0.8, 0.4],
      [1, 0.2],
    ]) {
      const beat = findBeat(drummed(150, { strengths, noise: 0.05 }), RATE_HZ);
      expect(octavesOff(beat?.tempo_bpm ?? 0, 150)).toBeLessThan(0.01);
    }
  });

  it('comes with the first beat', () => {
    for (const first_s of [0.1, 0.25, 0.4]) {
      const beat = findBeat(drummed(120, { first_s }), RATE_HZ);
      expect(beat?.tempo_bpm).toBeCloseTo(120, 0);
      expect(Math.abs((beat?.first_beat_s ?? 9) - first_s)).toBeLessThan(0.02);
    }
  });

  it('is none in silence, in hiss, or in a moment', () => {
    const next = hiss();
    expect(findBeat(new Float32Array(20 * RATE_HZ), RATE_HZ)).toBeNull();
    expect(findBeat(Float32Array.from({ length: 20 * RATE_HZ }, next), RATE_HZ)).toBeNull();
    expect(findBeat(drummed(120, { length_s: 4 }), RATE_HZ)).toBeNull();
    expect(findBeat(new Float32Array(0), RATE_HZ)).toBeNull();
  });
});
