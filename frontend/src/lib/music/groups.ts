/** What a list of artists or albums shows, as the address and as the server's query. */

const SORTS = ['run_time', 'plays', 'name'] as const;
const ORDERS = ['desc', 'asc'] as const;

export type GroupKind = 'artists' | 'albums';

export interface GroupFilters {
  q: string;
  sort: (typeof SORTS)[number];
  order: (typeof ORDERS)[number];
}

export function readGroupFilters(query: Pick<URLSearchParams, 'get'>): GroupFilters {
  return {
    q: (query.get('q') ?? '').slice(0, 100),
    sort: SORTS.find((sort) => sort === query.get('sort')) ?? 'run_time',
    order: ORDERS.find((order) => order === query.get('order')) ?? 'desc',
  };
}

/** Only what differs from the usual. */
export function writeGroupFilters({ q, sort, order }: GroupFilters): Record<string, string> {
  return {
    ...(q && { q }),
    ...(sort !== 'run_time' && { sort }),
    ...(order !== 'desc' && { order }),
  };
}
