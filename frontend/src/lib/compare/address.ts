/** `/runs/compare?a=…&b=…&axis=time`: which two runs, and along what. */

export const AXES = ['distance', 'time'] as const;
export type Axis = (typeof AXES)[number];

export interface Comparison {
  a: string | null;
  /** Never the same run as `a`. */
  b: string | null;
  axis: Axis;
}

export function readComparison(query: Pick<URLSearchParams, 'get'>): Comparison {
  const a = query.get('a') || null;
  const b = query.get('b') || null;
  const axis = AXES.find((axis) => axis === query.get('axis')) ?? 'distance';
  return { a, b: b === a ? null : b, axis };
}

/** Starts at the whole runs: a zoomed stretch belongs to one pair of runs and one axis. */
export function comparisonHref({ a, b, axis }: Comparison): string {
  const query = new URLSearchParams();
  if (a) query.set('a', a);
  if (b) query.set('b', b);
  if (axis !== 'distance') query.set('axis', axis);
  return `/runs/compare?${query}`;
}
