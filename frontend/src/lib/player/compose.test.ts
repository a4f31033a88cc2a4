import { describe, expect, it } from 'vitest';
import { barLength_s, compose, sectionOf, barCount, scoreLength_s } from './compose.ts';
import { SCORES } from './generated.ts';

const all = SCORES.map((score) => [`${score.title}, ${score.tempo_bpm}`, score] as const);

describe.each(all)('%s', (_, score) => {
  const notes = compose(score);

  it('is the same every time', () => {
    expect(compose(score)).toEqual(notes);
  });

  it('has a kick drum on the grid of its tempo, at least twice a bar, all the way', () => {
    const step_s = 60 / score.tempo_bpm / 4;
    const kicks = notes.filter(({ part }) => part === 'kick').map(({ at_s }) => at_s);
    for (const at_s of kicks)
      expect(Math.abs(at_s / step_s - Math.round(at_s / step_s))).toBeLessThan(1e-6);
    expect(kicks.length).toBeGreaterThanOrEqual(2 * barCount(score.tempo_bpm));
    const gaps = kicks.slice(1).map((at_s, i) => at_s - kicks[i]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(barLength_s(score.tempo_bpm) * 0.75);
  });

  it('ends on a bar line after about two minutes, and nothing sounds on', () => {
    const length_s = scoreLength_s(score.tempo_bpm);
    expect(length_s).toBeGreaterThan(105);
    expect(length_s).toBeLessThan(135);
    for (const { at_s, duration_s } of notes)
      expect(at_s + duration_s).toBeLessThanOrEqual(length_s + 1e-9);
  });

  it('stays within what ears and small speakers like', () => {
    for (const { part, frequency_hz } of notes) {
      if (frequency_hz === 0) continue;
      const [low, high] = part === 'bass' ? [38, 260] : [90, 1900];
      expect(frequency_hz, part).toBeGreaterThan(low);
      expect(frequency_hz, part).toBeLessThan(high);
    }
  });
});

it('a song begins, has verse, chorus and break, and ends', () => {
  const sections = Array.from({ length: 60 }, (_, bar) => sectionOf(bar, 60));
  expect([...new Set(sections)]).toEqual(['intro', 'verse', 'chorus', 'break', 'outro']);
  expect(sections.at(-1)).toBe('outro');
});

it('no two songs share a tune', () => {
  const tunes = SCORES.map((score) =>
    JSON.stringify(compose({ ...score, tempo_bpm: 120, root: 50, isMinor: true, style: 'pop' })),
  );
  expect(new Set(tunes).size).toBe(SCORES.length);
});
