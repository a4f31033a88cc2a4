/**
 * What the list of songs shows, as the address and as the server's query. Both use the same words;
 * the address leaves out what is as usual, and anything unreadable in it is ignored.
 */

const CHOICES = {
  sort: ['run_plays', 'plays', 'tempo_bpm', 'title'],
  order: ['desc', 'asc'],
  /** `true`: in step with how this runner usually steps. */
  in_step: ['false', 'true'],
} as const;

export const VERDICTS = ['own', 'confirmed', 'single', 'uncertain', 'unknown'] as const;

type Choices = { [Name in keyof typeof CHOICES]: (typeof CHOICES)[Name][number] };
type Verdict = (typeof VERDICTS)[number];

export interface Filters extends Choices {
  q: string;
  /** Exactly this one; null for all. */
  artist: string | null;
  album: string | null;
  verdict: Verdict | null;
  min_tempo_bpm: number | null;
  max_tempo_bpm: number | null;
  /** In step with so many steps a minute. */
  cadence_spm: number | null;
  min_plays: number | null;
}

export const CADENCES_SPM = [40, 400] as const;
const TEMPI_BPM = [1, 1000] as const;
const PLAYS = [1, 1e6] as const;

const LONGEST_NAME = 500;

/** Longer ones the server does not know either. */
const name = (text: string | null) => (text && text.length <= LONGEST_NAME ? text : null);

export function readFilters(query: Pick<URLSearchParams, 'get'>): Filters {
  const choice = <Name extends keyof Choices>(name: Name): Choices[Name] => {
    const options = CHOICES[name] as unknown as readonly Choices[Name][];
    return options.find((option) => option === query.get(name)) ?? options[0];
  };
  const number = (name: string, [least, most]: readonly [number, number]) => {
    const value = Number(query.get(name) || NaN);
    return value >= least && value <= most ? value : null;
  };
  const plays = number('min_plays', PLAYS);
  return {
    q: (query.get('q') ?? '').slice(0, 100),
    artist: name(query.get('artist')),
    album: name(query.get('album')),
    sort: choice('sort'),
    order: choice('order'),
    in_step: choice('in_step'),
    verdict: VERDICTS.find((verdict) => verdict === query.get('verdict')) ?? null,
    min_tempo_bpm: number('min_tempo_bpm', TEMPI_BPM),
    max_tempo_bpm: number('max_tempo_bpm', TEMPI_BPM),
    cadence_spm: number('cadence_spm', CADENCES_SPM),
    min_plays: plays === null ? null : Math.round(plays),
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

/** The server's own usual order is another one. */
export const queryOf = (filters: Filters): Record<string, string> => ({
  ...writeFilters(filters),
  sort: filters.sort,
});

/** How many filters narrow the list; order, search, artist and album have their own place. */
export function countFilters(filters: Filters): number {
  const elsewhere = { q: '', artist: null, album: null, sort: 'run_plays', order: 'desc' } as const;
  return Object.keys(writeFilters({ ...filters, ...elsewhere })).length;
}

/** Where the songs of an artist, or of an album, are listed. */
export function songsOf({ artist, album }: { artist: string; album?: string | null }): string {
  return `/music?${new URLSearchParams(album ? { artist, album } : { artist })}`;
}
