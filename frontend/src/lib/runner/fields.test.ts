import { describe, expect, it } from 'vitest';
import type { RunnerTold } from '#lib/api/types.ts';
import { draftOf, feet, read, shown } from './fields.ts';

const NOTHING: RunnerTold = {
  birth_year: null,
  sex: null,
  height_cm: null,
  weight_kg: null,
  vo2_max: null,
  resting_heart_rate_bpm: null,
  max_heart_rate_bpm: null,
  heart_rate_ceiling_bpm: null,
  fitness_level: null,
  max_speed_kmh: null,
  max_incline_pct: null,
};
const YEAR = 2026;
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ');

const typed = (change: Record<string, string>, units: 'km' | 'mi' = 'km', before = NOTHING) =>
  read({ ...draftOf(before, units), ...change }, before, units, YEAR);

describe('what a runner types', () => {
  it('is metric when it is stored', () => {
    expect(typed({ weight_kg: '62,5' }).told.weight_kg).toBe(62.5);
    expect(typed({ weight_kg: '137.8' }, 'mi').told.weight_kg).toBeCloseTo(62.5, 1);
    expect(typed({ height_cm: '67.5' }, 'mi').told.height_cm).toBeCloseTo(171.45);
    expect(typed({ max_speed_kmh: '7.5' }, 'mi').told.max_speed_kmh).toBeCloseTo(12.07);
  });

  it('is not shifted by showing it in other units', () => {
    const before = { ...NOTHING, height_cm: 171, weight_kg: 62.3, max_speed_kmh: 14 };
    expect(typed({ vo2_max: '47' }, 'mi', before).told).toMatchObject({
      height_cm: 171,
      weight_kg: 62.3,
      max_speed_kmh: 14,
      vo2_max: 47,
    });
  });

  it('may be taken back', () => {
    const before = { ...NOTHING, weight_kg: 62 };
    expect(typed({ weight_kg: ' ' }, 'km', before).told.weight_kg).toBeNull();
  });

  it.each(['abc', '0', '-70', '1e9', '7000', 'NaN', 'Infinity'])('is refused as %s', (text) => {
    const { told, errors } = typed({ weight_kg: text });
    expect(errors.weight_kg).toBe('Between 25 and 300 kg.');
    expect(told.weight_kg).toBeUndefined();
  });

  it('is bounded in the units it is typed in', () => {
    expect(typed({ weight_kg: '20' }, 'mi').errors.weight_kg).toBe('Between 55 and 661 lb.');
    expect(typed({ birth_year: '2020' }).errors.birth_year).toBe('Between 1916 and 2016.');
  });

  it('must not contradict itself', () => {
    const { errors } = typed({ resting_heart_rate_bpm: '100', max_heart_rate_bpm: '110' });
    expect(Object.keys(errors)).toEqual(['max_heart_rate_bpm']);
    const above = typed({ max_heart_rate_bpm: '180', heart_rate_ceiling_bpm: '181' });
    expect(Object.keys(above.errors)).toEqual(['heart_rate_ceiling_bpm']);
    const below = typed({ resting_heart_rate_bpm: '90', heart_rate_ceiling_bpm: '85' });
    expect(Object.keys(below.errors)).toEqual(['heart_rate_ceiling_bpm']);
  });
});

it('shows figures without needless digits', () => {
  expect(shown('weight_kg', 62, 'km')).toBe('62');
  expect(shown('height_cm', 171, 'mi')).toBe('67.3');
  expect(shown('height_cm', null, 'km')).toBe('');
  expect(plain(feet(67.3))).toBe('5 ft 7 in');
  expect(plain(feet(71.8))).toBe('6 ft 0 in');
});
