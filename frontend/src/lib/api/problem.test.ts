import { expect, it } from 'vitest';
import { t } from '#lib/i18n/index.ts';
import { ApiProblem, ServerAway, problemFrom, problemWords } from './problem.ts';

it('finds words by the type, whatever address stands before it', () => {
  const words = t.problems.byType['wrong-credentials'];
  expect(problemWords(new ApiProblem(401, '/problems/wrong-credentials', ''))).toBe(words);
  const absolute = 'https://beatrunner.example/problems/wrong-credentials';
  expect(problemWords(new ApiProblem(401, absolute, ''))).toBe(words);
});

it('never shows what it does not know', () => {
  expect(problemWords(new Error('undefined is not a function'))).toBe(t.problems.unexpected);
  expect(problemWords(new ApiProblem(500, '/problems/internal', 'Traceback'))).toBe(
    t.problems.failed,
  );
  expect(problemWords(new ServerAway())).toBe(t.problems.away);
});

it('reads answers that are no problem+json', async () => {
  const page = new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' });
  expect(await problemFrom(page)).toMatchObject({ status: 502, type: 'about:blank' });
});

it('says how long to wait when there were too many requests', async () => {
  const body = JSON.stringify({ type: '/problems/quota-exceeded', title: '' });
  const refused = new Response(body, { status: 429, headers: { 'Retry-After': '130' } });
  const problem = await problemFrom(refused);
  expect(problem.retryAfter_s).toBe(130);
  expect(problemWords(problem).advice).toContain('in 3 minutes');
});
