import { describe, expect, it } from 'vitest';
import type { ActivitySummary } from '#lib/api/types.ts';
import { nearestInTime } from './neighbours.ts';

const at = (started_at: string) => ({ id: started_at, started_at }) as ActivitySummary;

describe('nearestInTime', () => {
  it('finds the run before and the run after, and not the run itself', () => {
    const runs = ['2026-03-01T06:00:00Z', '2026-02-20T06:00:00Z', '2026-03-04T06:00:00Z'].map(at);
    const { earlier, later } = nearestInTime(
      [...runs, at('2026-03-02T18:00:00Z'), at('2026-03-02T06:00:00Z')],
      '2026-03-02T06:00:00Z',
    );
    expect(earlier?.id).toBe('2026-03-01T06:00:00Z');
    expect(later?.id).toBe('2026-03-02T18:00:00Z');
  });

  it('has no one at the ends', () => {
    expect(nearestInTime([], '2026-03-02T06:00:00Z')).toEqual({ earlier: null, later: null });
  });
});
