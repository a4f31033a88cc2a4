import { describe, expect, it } from 'vitest';
import { stateWords, teachingWords } from './words.ts';

const proposal = {
  tracks: [],
  sd_pct: 1.0,
  sd_after_pct: 0.9,
  tempo_sd_pct: 0.8,
  tempo_sd_after_pct: 0.52,
};

describe('what an experiment would teach', () => {
  it('is how much closer the truth would be known', () => {
    expect(teachingWords(proposal)).toContain(
      'what tempo does to your pace would be known 35\u202f%',
    );
    expect(teachingWords(proposal)).toContain('what single songs do 10\u202f%');
  });

  it('is said to be little where much is known', () => {
    const known = { ...proposal, sd_after_pct: 0.99, tempo_sd_after_pct: 0.79 };
    expect(teachingWords(known)).toMatch(
      /^Your runs tell a lot already: .* 1\u202f% more .* do 1\u202f%\.$/,
    );
  });

  it('says nothing of tempo where none is known', () => {
    const words = teachingWords({ ...proposal, tempo_sd_pct: null, tempo_sd_after_pct: null });
    expect(words).toContain('known 10\u202f% more closely. What tempo does cannot be learned');
  });
});

describe('where an experiment stands', () => {
  it('follows from the runs in which it was heard', () => {
    expect(stateWords(0)).toBe('Not heard in any run yet: play it in your next one.');
    expect(stateWords(1)).toBe('Heard in 1 run. Play this list once or twice more.');
    expect(stateWords(2)).toContain('Once more is worth it');
    expect(stateWords(7)).toContain('Heard in 7 runs. It has told its part');
  });
});
