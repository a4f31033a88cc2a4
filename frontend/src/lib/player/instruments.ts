/** How a note sounds: small synthesiser voices, made when they are due and gone when they fade. */

import { randomFrom, type Note } from './compose.ts';

/** Loudness of each part in the whole. */
const LEVEL = {
  kick: 0.85,
  snare: 0.4,
  hat: 0.11,
  'open-hat': 0.12,
  bass: 0.34,
  chord: 0.085,
  lead: 0.13,
} as const;

const noises = new WeakMap<BaseAudioContext, AudioBuffer>();

/** One second of noise, the same each time. */
function noiseOf(context: BaseAudioContext): AudioBuffer {
  const known = noises.get(context);
  if (known) return known;
  const buffer = context.createBuffer(1, context.sampleRate, context.sampleRate);
  const random = randomFrom('noise');
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++) samples[i] = random() * 2 - 1;
  noises.set(context, buffer);
  return buffer;
}

/** Sound one note at `at_s` of the context's clock. */
export function sound(output: AudioNode, note: Note, at_s: number): void {
  switch (note.part) {
    case 'kick':
      return drop(output, at_s, 155, 46, 0.28, LEVEL.kick * note.strength);
    case 'snare':
      drop(output, at_s, 230, 165, 0.11, 0.5 * LEVEL.snare * note.strength);
      return hiss(output, at_s, 'bandpass', 2100, 0.16, LEVEL.snare * note.strength);
    case 'hat':
      return hiss(output, at_s, 'highpass', 8000, 0.045, LEVEL.hat * note.strength);
    case 'open-hat':
      return hiss(output, at_s, 'highpass', 7000, 0.22, LEVEL['open-hat'] * note.strength);
    case 'bass':
      return tone(output, note, at_s, { wave: 'sawtooth', cutoff: 5, attack_s: 0.008, cents: [0] });
    case 'chord':
      return tone(output, note, at_s, {
        wave: 'sawtooth',
        cutoff: 4,
        attack_s: 0.02,
        cents: [-7, 7],
      });
    case 'lead':
      return tone(output, note, at_s, {
        wave: 'triangle',
        cutoff: 8,
        attack_s: 0.006,
        cents: [0, 4],
      });
  }
}

/** An envelope that begins at once and fades to nothing. */
function fading(
  context: BaseAudioContext,
  at_s: number,
  length_s: number,
  level: number,
): GainNode {
  const gain = context.createGain();
  gain.gain.setValueAtTime(level, at_s);
  gain.gain.exponentialRampToValueAtTime(0.0008, at_s + length_s);
  return gain;
}

/** A drum skin: a tone that falls. */
function drop(
  output: AudioNode,
  at_s: number,
  from_hz: number,
  to_hz: number,
  length_s: number,
  level: number,
): void {
  const { context } = output;
  const skin = context.createOscillator();
  skin.frequency.setValueAtTime(from_hz, at_s);
  skin.frequency.exponentialRampToValueAtTime(to_hz, at_s + length_s * 0.35);
  skin.connect(fading(context, at_s, length_s, level)).connect(output);
  skin.start(at_s);
  skin.stop(at_s + length_s);
}

function hiss(
  output: AudioNode,
  at_s: number,
  type: BiquadFilterType,
  frequency_hz: number,
  length_s: number,
  level: number,
): void {
  const { context } = output;
  const noise = context.createBufferSource();
  noise.buffer = noiseOf(context);
  const filter = context.createBiquadFilter();
  filter.type = type;
  filter.frequency.value = frequency_hz;
  noise
    .connect(filter)
    .connect(fading(context, at_s, length_s, level))
    .connect(output);
  noise.start(at_s, (at_s * 7) % 0.7, length_s);
}

interface Voice {
  wave: OscillatorType;
  /** Multiple of the tone's own frequency from which overtones are dulled. */
  cutoff: number;
  attack_s: number;
  /** One oscillator each, so far out of tune. */
  cents: number[];
}

function tone(output: AudioNode, note: Note, at_s: number, voice: Voice): void {
  const { context } = output;
  const level = (LEVEL[note.part] * note.strength) / voice.cents.length;
  const end_s = at_s + note.duration_s;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, at_s);
  gain.gain.linearRampToValueAtTime(level, at_s + voice.attack_s);
  gain.gain.setTargetAtTime(level * 0.6, at_s + voice.attack_s, 0.2);
  gain.gain.setTargetAtTime(0, end_s - Math.min(0.06, note.duration_s / 4), 0.018);
  const filter = context.createBiquadFilter();
  filter.type = 'lowpass';
  filter.frequency.setValueAtTime(note.frequency_hz * voice.cutoff, at_s);
  filter.frequency.setTargetAtTime(note.frequency_hz * voice.cutoff * 0.5, at_s, 0.15);
  filter.connect(gain).connect(output);
  for (const cents of voice.cents) {
    const oscillator = context.createOscillator();
    oscillator.type = voice.wave;
    oscillator.frequency.value = note.frequency_hz;
    oscillator.detune.value = cents;
    oscillator.connect(filter);
    oscillator.start(at_s);
    oscillator.stop(end_s + 0.05);
  }
}
