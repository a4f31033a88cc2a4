import { describe, expect, it } from 'vitest';
import { contrast, mix, toHex, toOklab } from './oklch.ts';

describe('toHex', () => {
  it('agrees with the reference values of CSS Color 4', () => {
    expect(toHex({ l: 1, c: 0, h: 0 })).toBe('#ffffff');
    expect(toHex({ l: 0.627955, c: 0.257683, h: 29.2339 })).toBe('#ff0000');
    expect(toHex({ l: 0.51975, c: 0.17686, h: 142.495 })).toBe('#008000');
  });

  it('keeps lightness when a colour is too strong for the screen', () => {
    const [lightness] = toOklab(toHex({ l: 0.66, c: 0.4, h: 200 }));
    expect(lightness).toBeCloseTo(0.66, 2);
  });
});

describe('mix', () => {
  it('begins at one colour and ends at the other', () => {
    expect(mix('#aa3355', '#2299cc', 0)).toBe('#aa3355');
    expect(mix('#aa3355', '#2299cc', 1)).toBe('#2299cc');
  });
});

describe('contrast', () => {
  it('is 21 between black and white, in either order', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
  });
});
