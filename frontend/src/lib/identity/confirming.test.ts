import { expect, it } from 'vitest';
import { confirming } from './confirming.svelte.ts';

it('asks once, however many wait, and anew the next time', async () => {
  const waiting = [confirming.ask(), confirming.ask()];
  expect(confirming.isAsking).toBe(true);
  confirming.finish(true);
  expect(await Promise.all(waiting)).toEqual([true, true]);
  expect(confirming.isAsking).toBe(false);

  const again = confirming.ask();
  expect(confirming.isAsking).toBe(true);
  confirming.finish(false);
  expect(await again).toBe(false);
});
