import { describe, expect, it } from 'vitest';
import { matchOf } from './step.ts';

describe('a beat and steps', () => {
  it.each([
    [172, 1, 172, true],
    [86, 2, 172, true],
    [340, 0.5, 170, true],
    [178.8, 1, 178.8, true],
    [178.9, 1, 178.9, false],
    [128, 1, 128, false],
    [115, 2, 230, false],
    [57.3, 2, 114.6, false],
  ])('%d beats with 172 steps', (tempo, stepsPerBeat, cadence_spm, isInStep) => {
    expect(matchOf(tempo, 172)).toEqual({ stepsPerBeat, cadence_spm, isInStep });
  });
});
