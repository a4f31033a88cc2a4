import { describe, expect, it } from 'vitest';
import { formatRate, formatSize, formatWhole } from './count.ts';
import { formatAgo, formatCalendarDay, formatDay, formatTimeOfDay } from './date.ts';
import { distanceFigure, formatDistance, formatHeight } from './distance.ts';
import { formatDuration, formatHours } from './duration.ts';
import { formatPace, paceFigure } from './pace.ts';

/** Thin and fixed spaces as plain ones. */
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ');

/** The words of a date, in whatever order the reader's English has them. */
const names =
  (...words: string[]) =>
  (text: string) =>
    words.every((word) => new RegExp(`\\b${word}\\b`).test(text));

describe('pace', () => {
  it('is minutes and seconds for the runner’s own unit', () => {
    expect(plain(formatPace(1000 / 312, 'km'))).toBe('5:12 /km');
    expect(plain(formatPace(1609.344 / 483, 'mi'))).toBe('8:03 /mi');
  });

  it('carries seconds that round up to a minute', () => {
    expect(paceFigure(1000 / 299.7, 'km')).toBe('5:00');
  });

  it.each([null, undefined, NaN, 0, 0.1])('has no figure for %s', (speed) => {
    expect(formatPace(speed, 'km')).toBe('–');
  });
});

describe('distance', () => {
  it('has two decimals below a hundred and none from there', () => {
    expect(plain(formatDistance(10_020, 'km'))).toBe('10.02 km');
    expect(distanceFigure(99_994, 'km')).toBe('99.99');
    expect(distanceFigure(99_996, 'km')).toBe('100');
    expect(distanceFigure(1_204_400, 'km')).toBe('1,204');
    expect(plain(formatDistance(42_195, 'mi'))).toBe('26.22 mi');
  });

  it('says heights in metres or feet', () => {
    expect(plain(formatHeight(120.4, 'km'))).toBe('120 m');
    expect(plain(formatHeight(120, 'mi'))).toBe('394 ft');
  });

  it('shows what was not measured as a dash', () => {
    expect(formatDistance(null, 'km')).toBe('–');
    expect(formatHeight(undefined, 'mi')).toBe('–');
  });
});

describe('duration', () => {
  it.each([
    [0, '0:00'],
    [59.6, '1:00'],
    [2712, '45:12'],
    [3599.7, '1:00:00'],
    [3723, '1:02:03'],
  ])('%f seconds are %s', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });

  it('leaves seconds out of sums', () => {
    expect(plain(formatHours(3599))).toBe('1 h 00 min');
    expect(plain(formatHours(2700))).toBe('45 min');
  });
});

describe('dates', () => {
  const now = new Date('2026-06-01T12:00:00Z');

  it('are those of the runner’s wrist, not of the reader', () => {
    // 23:30 UTC is half past one on the next morning in Berlin.
    expect(formatDay('2026-02-28T23:30:00Z', 7200, 'America/New_York', now)).toSatisfy(
      names('Sun', '1', 'Mar'),
    );
    expect(formatTimeOfDay('2026-02-28T23:30:00Z', 7200, 'America/New_York')).toMatch(/0?1:30/);
  });

  it('fall back to the reader’s zone', () => {
    expect(formatDay('2026-03-01T02:00:00Z', null, 'America/New_York', now)).toSatisfy(
      names('Sat', '28', 'Feb'),
    );
  });

  it('name the year when it is another', () => {
    expect(formatDay('2025-03-01T02:00:00Z', 0, 'UTC', now)).toContain('2025');
    expect(formatDay('2026-03-01T02:00:00Z', 0, 'UTC', now)).not.toContain('2026');
  });

  it('keep calendar days where they are', () => {
    expect(formatCalendarDay('2026-03-01')).toSatisfy(names('Sun', '1', 'Mar', '2026'));
  });
});

it.each([
  [0, 'now'],
  [-30, 'now'],
  [59, '59 seconds ago'],
  [59.7, '1 minute ago'],
  [3599, '1 hour ago'],
  [7200, '2 hours ago'],
  [86_400, 'yesterday'],
  [86_400 * 400, '400 days ago'],
])('%f seconds ago are %s', (seconds, words) => {
  const now_ms = Date.UTC(2026, 2, 1);
  const at = new Date(now_ms - seconds * 1000).toISOString();
  expect(formatAgo(at, now_ms)).toBe(words);
});

describe('counts', () => {
  it('give whole figures with their unit', () => {
    expect(plain(formatWhole(151.6, 'bpm'))).toBe('152 bpm');
    expect(formatWhole(NaN, 'bpm')).toBe('–');
  });

  it('give sizes people read', () => {
    expect(plain(formatSize(512))).toBe('512 bytes');
    expect(plain(formatSize(999_700))).toBe('1 MB');
    expect(plain(formatSize(1_440_000))).toBe('1.4 MB');
  });

  it('give rates one decimal only when small', () => {
    expect(formatRate(3.14)).toBe('3.1');
    expect(formatRate(31.4)).toBe('31');
  });
});
