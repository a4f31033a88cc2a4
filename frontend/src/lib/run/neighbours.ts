/** The runs just before and after one, for stepping through a diary. */

import type { Client } from '#lib/api/client.ts';
import type { Activity, ActivityPage, ActivitySummary } from '#lib/api/types.ts';

export interface Neighbours {
  earlier: ActivitySummary | null;
  later: ActivitySummary | null;
}

const DAY_MS = 86_400_000;
/** The list is filtered by days, so a few runs of the same days come along. */
const ENOUGH = 10;

/** The nearest in time on either side among `activities`, in any order. */
export function nearestInTime(activities: ActivitySummary[], started_at: string): Neighbours {
  const at = Date.parse(started_at);
  const distance = (activity: ActivitySummary) => Math.abs(Date.parse(activity.started_at) - at);
  const nearest = (side: ActivitySummary[]) =>
    side.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
  return {
    earlier: nearest(activities.filter((activity) => Date.parse(activity.started_at) < at)),
    later: nearest(activities.filter((activity) => Date.parse(activity.started_at) > at)),
  };
}

export async function findNeighbours(
  api: Client,
  { started_at }: Pick<Activity, 'started_at'>,
  signal: AbortSignal,
): Promise<Neighbours> {
  const day = (shift_ms: number) =>
    new Date(Date.parse(started_at) + shift_ms).toISOString().slice(0, 10);
  const list = (query: Record<string, string>) =>
    api.get<ActivityPage>(
      '/v1/activities',
      { ...query, sort: 'started_at', limit: ENOUGH },
      signal,
    );
  const [before, after] = await Promise.all([
    list({ before: day(DAY_MS), order: 'desc' }),
    list({ after: day(-DAY_MS), order: 'asc' }),
  ]);
  return nearestInTime([...before.items, ...after.items], started_at);
}
