import { describe, expect, it } from 'vitest';
import { nameOf, stretchWords, targetWords, typedPace_kmh } from './words.ts';

describe('a pace that is typed', () => {
  it('becomes a speed', () => {
    expect(typedPace_kmh('5:00', 'km')).toBeCloseTo(12);
    expect(typedPace_kmh(' 8:03 ', 'mi')).toBeCloseTo(12, 1);
    expect(typedPace_kmh('5.00', 'km')).toBeCloseTo(12);
  });

  it('is nothing when no runner runs it', () => {
    for (const text of ['', '5', '5:7', '5:75', '1:00', '99:00', 'fast', '0:00']) {
      expect(typedPace_kmh(text, 'km')).toBeNull();
    }
  });
});

describe('a target in words', () => {
  it('has the units of the runner', () => {
    const pace = { kind: 'pace', speed_kmh: 12 } as const;
    expect(targetWords(pace, 'km')).toBe('for a pace of 5:00\u202f/km');
    expect(nameOf(pace, 30, 'mi')).toBe('Run at 8:03\u202f/mi');
    expect(nameOf({ kind: 'cadence', cadence_spm: 170 }, 30, 'km')).toBe('170 steps');
    expect(nameOf({ kind: 'zone', zone: 2 }, 30, 'km')).toBe('Easy, zone 2');
    expect(nameOf({ kind: 'plan', blocks: [] }, 29.6, 'km')).toBe('Plan of 30 minutes');
  });

  it('says how sure the steps are', () => {
    const stretch = { kind: null, length_s: 60 };
    const exact = { value: 170, low: 170, high: 170 };
    expect(stretchWords({ ...stretch, cadence_spm: exact })).toBe('170 steps/min');
    expect(stretchWords({ ...stretch, cadence_spm: { value: 164.4, low: 158, high: 171 } })).toBe(
      'about 164 steps/min (158–171)',
    );
  });
});
