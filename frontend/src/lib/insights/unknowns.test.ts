import { describe, expect, it } from 'vitest';
import type { Insights, SongEffect } from '#lib/api/types.ts';
import { firstOf, shelvesOf } from './answers.ts';
import { keptOutWords, unknownsOf } from './unknowns.ts';

const est = (value: number, low: number, high: number) => ({ value, low, high });

const song = (title: string, change: Partial<SongEffect>): SongEffect => ({
  track_id: title,
  title,
  artist: '',
  tempo_bpm: null,
  effect: est(0, -2, 2),
  probability_above: 0.5,
  plays: 10,
  plays_needed: 20,
  verdict: 'not_enough_yet',
  ...change,
});

const insightsOf = (tracks: SongEffect[], kept_out: Insights['kept_out'] = []): Insights => ({
  state: 'ready',
  computed_at: '2026-11-21T12:00:00Z',
  is_stale: false,
  runs: 40,
  plays: 400,
  cadence_spm: 170,
  left_out: [],
  kept_out,
  library: { runs: 60, runs_with_music: 45, measured: 45, plays: 9000, usual_speed_mps: 3 },
  headline: {
    code: 'cannot_tell',
    is_causal: true,
    per_sd: null,
    sd_tempo_bpm: null,
    raising: 0,
    lowering: 0,
    runs_needed: null,
  },
  answers: [
    {
      response: 'speed',
      unit: '%',
      association: null,
      causal: {
        plays: 400,
        runs: 40,
        spread: est(1, 0, 2),
        noise: est(5, 4, 6),
        tempo: null,
        tracks,
        tracks_in_all: tracks.length,
      },
    },
  ],
});

describe('what cannot be told', () => {
  it('says how many runs a song takes, by how often it is heard', () => {
    const often = song('Often', { plays: 20, plays_needed: 30 });
    const rarely = song('Rarely', { plays: 2, plays_needed: 29 });
    const said = unknownsOf(insightsOf([rarely, often]), 'speed', 'causal');
    expect(said).toContain(
      'What 2 of your songs do by themselves: you have not run to them often enough.',
    );
    expect(said.join()).toContain('The nearest is Often: about 30 more plays would do.');
    expect(said.join()).toContain('about 60 more runs');
  });

  it('promises nothing that nobody lives to see', () => {
    const said = unknownsOf(insightsOf([song('Far', { plays: 3 })]), 'speed', 'causal');
    expect(said.join()).toContain('Even the nearest, Far, would take about 20 more plays.');
  });

  it('begins with the cause where the runner chose the songs', () => {
    const said = unknownsOf(insightsOf([]), 'speed', 'association');
    expect(said[0]).toContain('you chose these songs yourself');
    expect(said[1]).toBe('What music does to your pace: there are too few such plays.');
  });

  it('says what a source forbids, and only what there is of it', () => {
    const kept = [
      { provenance: 'spotify_api', runs: 0, plays: 1204 },
      { provenance: 'strava_api', runs: 31, plays: 1 },
    ] as const;
    expect(keptOutWords(insightsOf([], [...kept]))).toEqual([
      '1,204 plays from Spotify’s connection stay out: Spotify does not allow its data to be combined with other data.',
      '31 runs and 1 play from Strava’s connection stay out: Strava does not allow its data to be combined with other data.',
    ]);
    expect(keptOutWords(insightsOf([]))).toEqual([]);
  });
});

describe('songs', () => {
  const named = Array.from({ length: 10 }, (_, i) => song(`n${i}`, { verdict: 'raises' }));
  const others = Array.from({ length: 10 }, (_, i) => song(`o${i}`, { plays: i }));

  it('that are named come first, the others by how often they were heard', () => {
    const shelves = shelvesOf([others[3], named[0], others[7], named[1]]);
    expect(shelves.named.map(({ title }) => title)).toEqual(['n0', 'n1']);
    expect(shelves.others.map(({ title }) => title)).toEqual(['o7', 'o3']);
  });

  it('are not hidden when they are named', () => {
    const first = firstOf(shelvesOf([...named, ...others]));
    expect([first.named.length, first.others.length]).toEqual([10, 4]);
    expect(firstOf(shelvesOf(others)).others).toHaveLength(10);
  });
});
