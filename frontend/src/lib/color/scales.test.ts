import { describe, expect, it } from 'vitest';
import { toOklab } from './oklch.ts';
import {
  divergingColors,
  robustRange,
  roundedRange,
  sequentialColors,
  stepOf,
  STEPS,
} from './scales.ts';

describe.each(['light', 'dark'] as const)('scale colours, %s', (theme) => {
  it('rise in lightness by even steps, so they read without colour vision', () => {
    const lightness = sequentialColors(theme).map((color) => toOklab(color)[0]);
    const rises = lightness.slice(1).map((l, i) => l - lightness[i]);
    expect(Math.min(...rises)).toBeGreaterThan(0.015);
    expect(Math.max(...rises)).toBeLessThan(0.035);
  });

  it('look evenly spaced', () => {
    const colors = sequentialColors(theme).map(toOklab);
    const steps = colors
      .slice(1)
      .map((color, i) => Math.hypot(...color.map((x, axis) => x - colors[i][axis])));
    const mean = steps.reduce((sum, step) => sum + step) / steps.length;
    for (const step of steps) expect(Math.abs(step / mean - 1)).toBeLessThan(0.25);
  });

  it('diverge evenly to both sides', () => {
    const lightness = divergingColors(theme).map((color) => toOklab(color)[0]);
    lightness.forEach((l, i) => expect(l).toBeCloseTo(lightness[STEPS - 1 - i], 2));
  });
});

describe('ranges', () => {
  it('leave out the outermost 2 % and gaps', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => i);
    expect(robustRange([...values, NaN, NaN])).toEqual([2, 98]);
    expect(robustRange([NaN])).toBeNull();
  });

  it('round outwards and never collapse', () => {
    expect(roundedRange([131, 168], 5)).toEqual([130, 170]);
    expect(roundedRange([150, 150], 5)).toEqual([145, 155]);
  });
});

describe('stepOf', () => {
  it('clamps to the end steps and marks gaps', () => {
    const scale = { low: 10, high: 20 };
    expect([5, 10, 15, 20, 99, NaN].map((value) => stepOf(scale, value))).toEqual([
      0,
      0,
      STEPS / 2,
      STEPS - 1,
      STEPS - 1,
      -1,
    ]);
  });
});
