import { describe, expect, it } from 'vitest';
import type { Effects, Insights, SongEffect } from '#lib/api/types.ts';
import {
  headlineFinding,
  intervalOf,
  paceWords,
  signed,
  tempoFinding,
  verdictWords,
  withUnit,
} from './words.ts';

const est = (value: number, low: number, high: number) => ({ value, low, high });

const effectsOf = (tempo: Partial<NonNullable<Effects['tempo']>> | null): Effects => ({
  plays: 400,
  runs: 40,
  spread: est(1, 0.5, 1.5),
  noise: est(5, 4, 6),
  tempo: tempo && {
    per_sd: est(0.4, 0.16, 0.64),
    probability_above: 0.99,
    mean_tempo_bpm: 165,
    sd_tempo_bpm: 8,
    curve: [],
    runs_needed: 0,
    ...tempo,
  },
  tracks: [],
  tracks_in_all: 0,
});

const song = (change: Partial<SongEffect>): SongEffect => ({
  track_id: 'a',
  title: 'Copper Wire Heart',
  artist: 'Velvet Turnstile',
  tempo_bpm: 172,
  effect: est(2, 0.5, 3.5),
  probability_above: 0.99,
  plays: 12,
  plays_needed: 0,
  verdict: 'raises',
  ...change,
});

const insightsOf = (effects: Effects, headline: Partial<Insights['headline']>): Insights => ({
  state: 'ready',
  computed_at: '2026-11-21T12:00:00Z',
  is_stale: false,
  runs: 40,
  plays: 400,
  cadence_spm: 170,
  left_out: [],
  kept_out: [],
  library: { runs: 60, runs_with_music: 45, measured: 45, plays: 9000, usual_speed_mps: 3 },
  headline: {
    code: 'cannot_tell',
    is_causal: false,
    per_sd: null,
    sd_tempo_bpm: null,
    raising: 0,
    lowering: 0,
    runs_needed: null,
    ...headline,
  },
  answers: [{ response: 'speed', unit: '%', association: effects, causal: null }],
});

const plain = (text: string | undefined) => text?.replace(/[\u202f\u00a0]/g, ' ');

describe('figures', () => {
  it('have a sign, and none where they round to zero', () => {
    expect(signed(0.53, 'speed')).toBe('+0.5');
    expect(signed(-1.24, 'heart_rate')).toBe('−1.2');
    expect(signed(-0.04, 'speed')).toBe('0.0');
    expect(plain(withUnit(12.4, 'in_step'))).toBe('+12 % of the time');
    expect(intervalOf(est(0.5, -0.2, 0.8), 'speed')).toBe('(−0.2 to +0.8)');
  });
});

describe('what tempo does', () => {
  it('is said per ten beats, with its interval', () => {
    const finding = tempoFinding(effectsOf({}), 'speed', false);
    expect(finding.text).toBe('Faster songs go with faster running:');
    expect(plain(finding.figure)).toBe('+0.5 % per 10 beats/min');
    expect(finding.interval).toBe('(+0.2 to +0.8)');
    expect(finding.isSure).toBe(true);
  });

  it('is a cause only where chance chose', () => {
    expect(tempoFinding(effectsOf({}), 'speed', true).text).toContain('make you run faster');
  });

  it('is turned round where faster songs slow', () => {
    const tempo = { per_sd: est(-0.4, -0.64, -0.16), probability_above: 0.01 };
    expect(tempoFinding(effectsOf(tempo), 'speed', false).text).toContain('slower running');
  });

  it('says how much is missing where it cannot be told', () => {
    const finding = tempoFinding(
      effectsOf({ probability_above: 0.9, runs_needed: 14 }),
      'speed',
      false,
    );
    expect(finding).toMatchObject({
      text: 'Your runs cannot tell yet whether faster songs change your pace.',
      more: 'About 14 more runs with music would narrow it down.',
      isSure: false,
    });
    expect(finding.figure).toBeUndefined();
  });

  it('says that it is little where enough is known', () => {
    const tempo = { per_sd: est(0.1, -0.1, 0.3), probability_above: 0.84 };
    const finding = tempoFinding(effectsOf(tempo), 'speed', false);
    expect(finding.text).toContain('it is little');
    expect(finding.interval).toBe('(−0.1 to +0.4)');
  });

  it('is a peak for being in step', () => {
    const curve = [
      { tempo_bpm: 150, effect: est(-30, -40, -20) },
      { tempo_bpm: 172, effect: est(39, 30, 47) },
      { tempo_bpm: 200, effect: est(-40, -50, -30) },
    ];
    const tempo = { curve, probability_above: 0.6, runs_needed: 16 };
    const finding = tempoFinding(effectsOf(tempo), 'in_step', true);
    expect(finding.text).toContain('about 172 beats a minute');
    expect(plain(finding.figure)).toBe('+39 % of the time');
    expect(finding).toMatchObject({ interval: '(+30 to +47)', isSure: true });
    expect(tempoFinding(effectsOf(tempo), 'speed', true).isSure).toBe(false);
    const flat = { ...tempo, curve: [{ tempo_bpm: 172, effect: est(3, -4, 9) }] };
    expect(tempoFinding(effectsOf(flat), 'in_step', true).isSure).toBe(false);
  });

  it('does not guess without tempi', () => {
    expect(tempoFinding(effectsOf(null), 'speed', false).isSure).toBe(false);
  });
});

describe('a share of speed', () => {
  it('is seconds at the runner’s usual pace', () => {
    expect(plain(paceWords(0.5, 1000 / 300, 'km'))).toBe(
      'At your usual 5:00 /km that is about 1 second per kilometre.',
    );
    expect(paceWords(-2, 1000 / 300, 'km')).toContain('about 6 seconds per kilometre');
    expect(paceWords(0.1, 1000 / 300, 'mi')).toContain('less than a second per mile');
  });
});

describe('the headline', () => {
  it('is nothing before there are plays enough', () => {
    expect(headlineFinding(insightsOf(effectsOf(null), { code: 'too_little' }))).toBeNull();
  });

  it('names the tempo first and the songs beside it', () => {
    const finding = headlineFinding(
      insightsOf(effectsOf({}), { code: 'tempo_raises', raising: 3, lowering: 1 }),
    );
    expect(finding?.text).toContain('Faster songs');
    expect(finding?.more).toContain('3 songs go with faster running, 1 song goes with slower');
  });

  it('names songs alone where tempo tells nothing', () => {
    const effects = effectsOf({ probability_above: 0.6, runs_needed: 9 });
    const finding = headlineFinding(insightsOf(effects, { code: 'tracks_differ', lowering: 1 }));
    expect(finding?.text).toBe('1 song goes with slower running.');
    expect(finding?.more).toContain('one may be wrong');
  });
});

describe('the verdict on a song', () => {
  it('is plain beside zero, and probable across it', () => {
    expect(verdictWords(song({}), 'speed')).toBe('faster');
    const across = { effect: est(1.4, -0.3, 3.1) };
    expect(verdictWords(song(across), 'speed')).toBe('faster for its tempo');
    expect(verdictWords(song({ ...across, tempo_bpm: null }), 'speed')).toBe('probably faster');
    expect(verdictWords(song({ verdict: 'lowers', effect: est(-2, -3, -1) }), 'cadence')).toBe(
      'slower steps',
    );
  });

  it('leaves to the tempo what the tempo explains', () => {
    expect(verdictWords(song({ verdict: 'not_enough_yet' }), 'speed')).toContain(
      'what its tempo does',
    );
  });

  it('says what is missing', () => {
    const waiting = {
      effect: est(0.4, -3, 3.8),
      verdict: 'not_enough_yet',
      plays_needed: 4,
    } as const;
    expect(verdictWords(song(waiting), 'speed')).toBe('too early: 12 of about 16 plays');
    const across = { effect: est(0.4, -0.3, 1.1) };
    expect(verdictWords(song({ ...across, verdict: 'cannot_tell' }), 'speed')).toBe(
      'like your average song',
    );
  });
});
