import { expect, test } from 'vitest';
import { reasonWords } from './reasons.ts';

const file = { outcome: 'imported', reason: null, message: null, listens_added: 0 } as const;

test('what came in is said, and why not all of it did', () => {
  expect(reasonWords({ ...file, listens_added: 2 })).toBe('2 plays');
  expect(reasonWords({ ...file, listens_added: 2, reason: 'damaged_in_part' })).toMatch(
    /^2 plays\. The file is damaged in part\./,
  );
  expect(reasonWords({ ...file, outcome: 'refused', reason: 'empty' })).toBe('The file is empty.');
});

test('a reason that this page does not know is said in the server’s words', () => {
  const unheard = { ...file, reason: 'unheard of' as 'empty', message: 'Too blue.' };
  expect(reasonWords(unheard)).toBe('Too blue.');
});
