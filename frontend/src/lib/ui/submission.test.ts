import { expect, it } from 'vitest';
import { Submission } from './submission.svelte.ts';

it('does one thing at a time', async () => {
  let count = 0;
  let end: () => void = () => undefined;
  const submission = new Submission(() => {
    count += 1;
    return new Promise<void>((resolve) => (end = resolve));
  });
  const first = submission.submit();
  expect(submission.isBusy).toBe(true);
  await submission.submit();
  expect(count).toBe(1);
  end();
  await first;
  expect(submission.isBusy).toBe(false);
});

it('keeps the error until it is tried again', async () => {
  const told: unknown[] = [];
  let fault: Error | null = new Error('away');
  const submission = new Submission(
    async () => {
      if (fault) throw fault;
    },
    (error) => told.push(error),
  );
  await submission.submit();
  expect([submission.error, submission.isBusy, told]).toEqual([fault, false, [fault]]);
  fault = null;
  await submission.submit();
  expect(submission.error).toBeNull();
});
