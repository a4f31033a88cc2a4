import { describe, expect, it } from 'vitest';
import { calendar, monthStarts, today } from './calendar.ts';

const run = (day: string, distance_m: number) => ({ day, distance_m, activities: 1 });

describe('the calendar', () => {
  it('goes from a Monday to the last day, in whole columns', () => {
    const cells = calendar([], '2026-11-21', 53);
    expect(cells).toHaveLength(52 * 7 + 6);
    expect(cells[0]).toMatchObject({ day: '2025-11-17', week: 0, weekday: 0 });
    expect(cells.at(-1)).toMatchObject({ day: '2026-11-21', week: 52, weekday: 5 });
    expect(new Set(cells.map((cell) => cell.day)).size).toBe(cells.length);
  });

  it('draws longer days more strongly, in equal groups', () => {
    const days = ['09', '10', '11', '12'].map((day, i) => run(`2026-11-${day}`, 1000 * (i + 1)));
    const levels = calendar(days, '2026-11-15', 1).map((cell) => cell.level);
    expect(levels).toEqual([1, 2, 3, 4, 0, 0, 0]);
  });

  it('draws a single run', () => {
    const [monday] = calendar([run('2026-11-16', 5000)], '2026-11-16', 1);
    expect(monday).toMatchObject({ level: 1, activities: 1, distance_m: 5000 });
  });

  it('names a month at its first whole week', () => {
    const starts = monthStarts(calendar([], '2026-11-21', 10));
    // 1 October is a Thursday, 1 November a Sunday.
    expect(starts).toEqual([
      { day: '2026-10-01', week: 3 },
      { day: '2026-11-01', week: 7 },
    ]);
  });
});

it('today depends on the zone', () => {
  const now = new Date('2026-03-01T02:00:00Z');
  expect(today('Europe/Berlin', now)).toBe('2026-03-01');
  expect(today('America/New_York', now)).toBe('2026-02-28');
});
