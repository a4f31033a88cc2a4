import { expect, it } from 'vitest';
import type { Streams } from '#lib/run/streams.ts';
import { secondsAlong } from './axis.ts';
import { comparedPanels, leadPanel, leadWords, wayStep_m } from './panels.ts';

function runOf(length_s: number, speed_mps: number, heart_rate_bpm: number | null): Streams {
  const column = (valueAt: (second: number) => number) =>
    Float64Array.from({ length: length_s }, (_, second) => valueAt(second));
  return {
    length_s,
    columns: {
      distance_m: column((second) => second * speed_mps),
      speed_mps: column(() => speed_mps),
      ...(heart_rate_bpm !== null && { heart_rate_bpm: column(() => heart_rate_bpm) }),
    },
  };
}

it('draws both runs on the same axes, each with its own figures', () => {
  const runs: [Streams, Streams] = [runOf(400, 3, 140), runOf(300, 4, 170)];
  const seconds = runs.map((run) => secondsAlong(run, 'distance')) as [Float64Array, Float64Array];
  const [pace, heart] = comparedPanels(runs, seconds, 'km');
  expect([pace.values[50], pace.second?.[50]]).toEqual([3, 4]);
  expect([heart.values[50], heart.second?.[50]]).toEqual([140, 170]);
  expect(heart.range[0]).toBeLessThan(140);
  expect(heart.range[1]).toBeGreaterThan(170);
  expect(pace.values.length).toBe(pace.second?.length);
});

it('leaves out what only one run knows of that run', () => {
  const runs: [Streams, Streams] = [runOf(100, 3, 140), runOf(100, 3, null)];
  const seconds = runs.map((run) => secondsAlong(run, 'time')) as [Float64Array, Float64Array];
  const heart = comparedPanels(runs, seconds, 'km').find((panel) => panel.id === 'heart_rate');
  expect(heart?.values[10]).toBe(140);
  expect(heart?.second?.[10]).toBeNaN();
});

it('keeps nobody-ahead on the axis', () => {
  const panel = leadPanel(Float64Array.from([40, 60, NaN]), 'distance', 'km');
  expect(panel?.range[0]).toBeLessThanOrEqual(0);
  expect(panel?.ticks).toContain(0);
  expect(leadPanel(new Float64Array(), 'time', 'km')).toBeNull();
});

it('says who is ahead', () => {
  expect(leadWords(23, 'distance', 'km')).toBe('A 0:23 ahead');
  expect(leadWords(-120, 'time', 'km')).toBe('B 120\u202fm ahead');
  expect(leadWords(0.2, 'time', 'km')).toBe('level');
});

it('has ticks at round distances', () => {
  expect(wayStep_m(5000, 'km', 8)).toBe(1000);
  expect(wayStep_m(42_195, 'mi', 6)).toBe(5 * 1609.344);
});
