/**
 * The tempo of a recording, and where its beats are, from its samples.
 *
 * The same way as the server's `core/beat.py`, which explains it: how much new sound there is at each
 * moment, how that repeats itself, which period explains the repetitions best, and then that period
 * and its phase on the whole recording. `docs/decisions/0020-tempo-in-the-browser.md` has what was
 * measured, and a test plays the same songs to both.
 */

import { powerSpectrum } from './spectrum.ts';

export interface Beat {
  tempo_bpm: number;
  /** Null where the tempo wanders too much for an even grid of beats. */
  first_beat_s: number | null;
}

const ONSETS_HZ = 100;
const WINDOW_S = 0.046;
const ONSET_LATE_S = 0.6 * WINDOW_S;
const COMPRESSION = 1e4;
const LEAST_RISE = 1;
const BANDS = 24;
const LOWEST_HZ = 30;
const HIGHEST_HZ = 5000;
const AROUND = 101;
const SOFT_WIDTH = 9;

const LEAST_BPM = 56;
const MOST_BPM = 216;
const TAPPED_BPM = 120;
const TAPPED_OCTAVES = 0.9;
const MULTIPLES = [1, 2, 3, 4];
const TEMPI = 600;
const BLOCK = 12 * ONSETS_HZ;
const BLOCK_STEP = 6 * ONSETS_HZ;
const SHORTEST = 6 * ONSETS_HZ;
const LEAST_PULSE = 0.14;
const REFINE_WITHIN = 0.03;
const REFINED = 241;
const LEAST_COHERENCE = 0.3;

/** Null for silence, noise, speech and what is too short. */
export function findBeat(sound: Float32Array, rate_hz: number): Beat | null {
  const onsets = onsetStrength(sound, rate_hz);
  if (!onsets || onsets.length < SHORTEST) return null;
  const [period, pulse] = bestPeriod(selfSimilarity(onsets));
  if (pulse < LEAST_PULSE) return null;
  const refined = refine(onsets, period);
  const period_s = refined.period / ONSETS_HZ;
  const first_s = (refined.first / ONSETS_HZ + ONSET_LATE_S) % period_s;
  return {
    tempo_bpm: 60 / period_s,
    first_beat_s: refined.coherence >= LEAST_COHERENCE ? first_s : null,
  };
}

/** How much new sound begins in each hundredth of a second; null where nothing does. */
function onsetStrength(sound: Float32Array, rate_hz: number): Float64Array | null {
  const levels = bandLevels(sound, rate_hz);
  const loudest = levels.reduce((most, level) => level.reduce((a, b) => Math.max(a, b), most), 0);
  if (loudest <= 0) return null;
  for (const level of levels) {
    for (const [i, power] of level.entries())
      level[i] = Math.log1p((COMPRESSION * power) / loudest);
  }
  const risen = Float64Array.from(levels, (level, frame) =>
    frame === 0 ? 0 : level.reduce((sum, x, i) => sum + Math.max(0, x - levels[frame - 1][i]), 0),
  );
  if (risen.reduce((a, b) => Math.max(a, b), 0) < LEAST_RISE) return null;
  // What is above the second around it, so that loud passages do not outweigh quiet ones.
  const around = smoothed(risen, new Array<number>(AROUND).fill(1));
  const above = risen.map((x, i) => Math.max(0, x - around[i]));
  // A hit is an onset of some width, or two that are a little apart would have nothing in common.
  return smoothed(above, bell(SOFT_WIDTH));
}

function bandLevels(sound: Float32Array, rate_hz: number): Float64Array[] {
  const size = 2 ** Math.round(Math.log2(WINDOW_S * rate_hz));
  const edges = bandEdges(size, rate_hz);
  const window = bell(size);
  const levels: Float64Array[] = [];
  for (let start = 0; start < sound.length - size; start += rate_hz / ONSETS_HZ) {
    const from = Math.trunc(start);
    const power = powerSpectrum(window, sound, from);
    const level = new Float64Array(edges.length - 1);
    for (let band = 0; band < level.length; band++) {
      for (let bin = edges[band]; bin < edges[band + 1]; bin++) level[band] += power[bin];
    }
    levels.push(level);
  }
  return levels;
}

function bandEdges(size: number, rate_hz: number): number[] {
  const ratio = Math.min(HIGHEST_HZ, 0.45 * rate_hz) / LOWEST_HZ;
  const edges = Array.from({ length: BANDS + 1 }, (_, band) => {
    const bin = Math.round((LOWEST_HZ * ratio ** (band / BANDS) * size) / rate_hz);
    return Math.min(Math.max(bin, 1), size / 2);
  });
  return [...new Set(edges)];
}

/** Hann's window. */
function bell(size: number): number[] {
  const turn = (2 * Math.PI) / (size - 1);
  return Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos(turn * i));
}

/** The weighted mean of each value's surroundings; beyond the ends there is nothing. */
function smoothed(values: Float64Array, weights: number[]): Float64Array {
  const sum = weights.reduce((a, b) => a + b);
  const half = weights.length >> 1;
  return values.map(
    (_, at) =>
      weights.reduce((total, weight, i) => total + weight * (values[at + i - half] ?? 0), 0) / sum,
  );
}

/** Correlation of the onsets with themselves, by lag, averaged over blocks. */
function selfSimilarity(onsets: Float64Array): Float64Array {
  const longest = Math.trunc((Math.max(...MULTIPLES) * 60 * ONSETS_HZ) / LEAST_BPM) + 2;
  const similar = new Float64Array(longest);
  let blocks = 0;
  for (let start = 0; start === 0 || start + BLOCK <= onsets.length; start += BLOCK_STEP) {
    const block = onsets.slice(start, start + BLOCK);
    const mean = block.reduce((a, b) => a + b) / block.length;
    const centred = block.map((x) => x - mean);
    const power = correlation(centred, 0);
    if (power <= 0) continue;
    blocks++;
    for (let lag = 0; lag < Math.min(longest, block.length); lag++) {
      similar[lag] += correlation(centred, lag) / power;
    }
  }
  return similar.map((sum) => sum / Math.max(1, blocks));
}

/** The mean product of values so far apart: a later lag has fewer pairs. */
function correlation(values: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < values.length; i++) sum += values[i] * values[i - lag];
  return sum / (values.length - lag);
}

/** In onsets, with the correlation at that lag or a multiple of it. */
function bestPeriod(similar: Float64Array): [period: number, pulse: number] {
  let [best, mostLiked, pulse] = [0, -Infinity, 0];
  for (let i = 0; i < TEMPI; i++) {
    const tempo_bpm = LEAST_BPM * (MOST_BPM / LEAST_BPM) ** (i / (TEMPI - 1));
    const period = (60 * ONSETS_HZ) / tempo_bpm;
    const at = MULTIPLES.map((multiple) => interpolated(similar, period * multiple));
    const octaves = Math.log2(tempo_bpm / TAPPED_BPM) / TAPPED_OCTAVES;
    const liked = (at.reduce((a, b) => a + b) / at.length) * Math.exp(-0.5 * octaves ** 2);
    if (liked > mostLiked) [best, mostLiked, pulse] = [period, liked, Math.max(...at)];
  }
  return [best, pulse];
}

function interpolated(values: Float64Array, at: number): number {
  const left = Math.min(Math.trunc(at), values.length - 2);
  return values[left] + (values[left + 1] - values[left]) * Math.min(1, at - left);
}

/** The even grid that fits best: its period and first beat in onsets, and how well it fits. */
function refine(onsets: Float64Array, period: number) {
  let best = { strength: -1, period, once: [0, 0], twice: [0, 0] };
  for (let i = 0; i < REFINED; i++) {
    const tried = period * (1 - REFINE_WITHIN + (2 * REFINE_WITHIN * i) / (REFINED - 1));
    const [once, twice] = [turn(onsets, tried), turn(onsets, tried / 2)];
    const strength = Math.max(Math.hypot(...once), Math.hypot(...twice));
    if (strength > best.strength) best = { strength, period: tried, once, twice };
  }
  const angle = ([re, im]: number[]) => Math.atan2(im, re) / (2 * Math.PI);
  let phase = angle(best.once);
  if (Math.hypot(...best.twice) > Math.hypot(...best.once)) {
    const twice = angle(best.twice);
    phase = 0.5 * (twice + Math.round(2 * phase - twice));
  }
  return {
    period: best.period,
    first: (phase - Math.floor(phase)) * best.period,
    coherence: best.strength / onsets.reduce((a, b) => a + b),
  };
}

/** The onsets at one frequency, as a complex number. */
function turn(onsets: Float64Array, period: number): [re: number, im: number] {
  const [cos, sin] = [Math.cos((2 * Math.PI) / period), Math.sin((2 * Math.PI) / period)];
  let [re, im, x, y] = [0, 0, 1, 0];
  for (const onset of onsets) {
    re += onset * x;
    im += onset * y;
    const next = x * cos - y * sin;
    y = x * sin + y * cos;
    x = next;
  }
  return [re, im];
}
