import { describe, expect, it } from 'vitest';
import type { Training } from '#lib/api/types.ts';
import { amountOf, isEmpty, metricOf, verdictOf } from './words.ts';

const exactly = (value: number) => ({ value, low: value, high: value });

function training(lately: number, usual: number, others: Partial<Training> = {}): Training {
  return {
    weeks: [],
    days: [{ day: '2026-03-01', lately: exactly(lately), usual: exactly(usual) }],
    best_efforts: [],
    activities: 3,
    with_heart_rate: 2,
    unmeasured: 0,
    max_heart_rate_bpm: exactly(184),
    resting_heart_rate_bpm: exactly(60),
    max_is: 'predicted',
    is_resting_told: false,
    ...others,
  };
}

describe('verdictOf', () => {
  it('compares the load of late to the usual one', () => {
    expect(verdictOf(training(260, 200))).toBe('more');
    expect(verdictOf(training(210, 200))).toBe('same');
    expect(verdictOf(training(180, 200))).toBe('same');
    expect(verdictOf(training(150, 200))).toBe('less');
  });

  it('says so when there is nothing to compare', () => {
    expect(verdictOf(training(1, 1, { days: [] }))).toBe('early');
    expect(verdictOf(training(0, 0))).toBe('early');
    const without = { days: [], with_heart_rate: 0 };
    expect(verdictOf(training(1, 1, without))).toBe('noHeart');
    expect(verdictOf(training(1, 1, { ...without, unmeasured: 2 }))).toBe('early');
  });
});

describe('metricOf', () => {
  it('shows the load unless another was asked for or there is none', () => {
    expect(metricOf(null, training(1, 1))).toBe('load');
    expect(metricOf('time', training(1, 1))).toBe('time');
    expect(metricOf('colour', training(1, 1))).toBe('load');
    expect(metricOf('load', training(1, 1, { with_heart_rate: 0 }))).toBe('distance');
  });
});

describe('amountOf', () => {
  it('is what the metric measures', () => {
    const week = {
      week_start: '2026-03-02',
      activities: 2,
      with_heart_rate: 1,
      distance_m: 12_000,
      moving_s: 3600,
      load: exactly(80),
    };
    expect(amountOf(week, 'load')).toBe(80);
    expect(amountOf({ ...week, load: null }, 'load')).toBe(0);
    expect(amountOf(week, 'distance')).toBe(12_000);
    expect(amountOf(week, 'time')).toBe(3600);
  });
});

describe('isEmpty', () => {
  it('is neither when runs are being read nor when there were runs long ago', () => {
    const nothing = { activities: 0, with_heart_rate: 0, days: [] };
    expect(isEmpty(training(1, 1, nothing))).toBe(true);
    expect(isEmpty(training(1, 1, { ...nothing, unmeasured: 2 }))).toBe(false);
    expect(isEmpty(training(1, 1))).toBe(false);
  });
});
