import { describe, expect, it } from 'vitest';
import { axisRange, paceTicks, roundTicks, timeStep_s } from './ticks.ts';

describe('paceTicks', () => {
  const paces = (slow: number, fast: number, unit_m = 1000) =>
    paceTicks(unit_m / slow, unit_m / fast, unit_m).map((speed) => Math.round(unit_m / speed));

  it('lie at round paces, faster last', () => {
    expect(paces(400, 290)).toEqual([390, 360, 330, 300]);
  });

  it('do not crowd at the slow end of a wide range', () => {
    const ticks = paces(1200, 270);
    expect(ticks).toContain(600);
    expect(ticks).toContain(300);
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.length).toBeLessThan(7);
  });

  it('follow the unit', () => {
    const ticks = paces(640, 460, 1609.344);
    expect(ticks.every((pace) => pace % 15 === 0)).toBe(true);
    expect(ticks.length).toBeGreaterThan(2);
  });
});

describe('roundTicks', () => {
  it('are few and round', () => {
    expect(roundTicks(118, 172)).toEqual([120, 140, 160]);
    expect(roundTicks(-0.9, 2.1)).toEqual([0, 1, 2]);
  });

  it('are two at least, to tell a scale', () => {
    expect(roundTicks(602.2, 619.8, 2)).toEqual([605, 610, 615]);
    expect(roundTicks(2420, 2580, 1).length).toBeGreaterThan(1);
  });
});

describe('axisRange', () => {
  it('does not let one outlier flatten the rest', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) =>
      i === 500 ? 900 : 150 + (i % 10),
    );
    const range = axisRange(values, 10);
    expect(range?.[1]).toBeLessThan(170);
  });

  it('is never narrower than asked, and none without values', () => {
    const [low, high] = axisRange(Float64Array.of(150, 150, NaN), 20) ?? [0, 0];
    expect(high - low).toBeGreaterThanOrEqual(20);
    expect(axisRange(Float64Array.of(NaN), 20)).toBeNull();
  });
});

describe('timeStep_s', () => {
  it('reads as a clock', () => {
    expect(timeStep_s(3600, 8)).toBe(600);
    expect(timeStep_s(95, 8)).toBe(15);
  });
});
