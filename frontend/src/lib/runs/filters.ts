/**
 * What the list of runs shows, as the address and as the server's query. Both use the same words;
 * the address leaves out what is as usual, and anything unreadable in it is ignored.
 */

const CHOICES = {
  kind: ['runs', 'other', 'all'],
  surface: ['any', 'outdoor', 'trail', 'indoor'],
  music: ['any', 'with', 'without'],
  sort: ['started_at', 'distance_m', 'moving_s', 'speed_mps', 'heart_rate_bpm'],
  order: ['desc', 'asc'],
} as const;

type Choices = { [Name in keyof typeof CHOICES]: (typeof CHOICES)[Name][number] };

export interface Filters extends Choices {
  q: string;
  /** Days, "2026-03-01", both included. */
  after: string | null;
  before: string | null;
  min_distance_m: number | null;
  max_distance_m: number | null;
}

export const SURFACES = CHOICES.surface;
export const KINDS = CHOICES.kind;
export const MUSICS = CHOICES.music;

export function readFilters(query: Pick<URLSearchParams, 'get'>): Filters {
  const choice = <Name extends keyof Choices>(name: Name): Choices[Name] => {
    const options = CHOICES[name] as unknown as readonly Choices[Name][];
    return options.find((option) => option === query.get(name)) ?? options[0];
  };
  const day = (name: string) => {
    const text = query.get(name) ?? '';
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
  };
  const metres = (name: string) => {
    const value = Number(query.get(name) || NaN);
    return value > 0 && value < 1e7 ? value : null;
  };
  return {
    q: (query.get('q') ?? '').slice(0, 100),
    kind: choice('kind'),
    surface: choice('surface'),
    music: choice('music'),
    sort: choice('sort'),
    order: choice('order'),
    after: day('after'),
    before: day('before'),
    min_distance_m: metres('min_distance_m'),
    max_distance_m: metres('max_distance_m'),
  };
}

/** Only what differs from the usual. */
export function writeFilters(filters: Filters): Record<string, string> {
  const words: Record<string, string> = {};
  for (const [name, value] of Object.entries(filters)) {
    const usual = name in CHOICES ? CHOICES[name as keyof Choices][0] : null;
    if (value !== null && value !== '' && value !== usual) words[name] = String(value);
  }
  return words;
}

/** How many filters narrow the list; sorting and search have their own place. */
export const countFilters = (filters: Filters): number =>
  Object.keys(writeFilters({ ...filters, q: '', sort: 'started_at', order: 'desc' })).length;
