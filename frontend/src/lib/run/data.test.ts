import { expect, it } from 'vitest';
import { Client } from '#lib/api/client.ts';
import { RunData } from './data.svelte.ts';

const RUN = { id: 'a', name: 'Run', started_at: '2026-03-01T06:30:00Z' };
const SOUNDTRACK = {
  activity_id: 'a',
  computed_at: '2026-03-01T08:00:00Z',
  spans: [],
  listens: [],
};

/** A server that knows some addresses; everything else is missing, or fails when `status` says so. */
function clientFor(answers: Record<string, unknown>, status = 404): Client {
  return new Client({
    fetch: (address) => {
      const path = String(address).split('?')[0];
      const known = path in answers;
      const body = known ? answers[path] : { type: '/problems/not-found', title: 'No' };
      return Promise.resolve(
        new Response(JSON.stringify(body), {
          status: known ? 200 : status,
          headers: { 'content-type': 'application/json' },
        }),
      );
    },
  });
}

const WHOLE = {
  '/v1/activities/a': RUN,
  '/v1/activities/a/streams': { length_s: 3, columns: {} },
  '/v1/soundtracks/a': SOUNDTRACK,
};

it('shows a run even when its neighbours cannot be had', async () => {
  const data = new RunData(clientFor(WHOLE), 'a');
  await data.load();
  expect(data.activity?.name).toBe('Run');
  expect(data.streams?.length_s).toBe(3);
  expect(data.problem).toBeNull();
  expect(data.isMissing).toBe(false);
});

it('tells a run that is not there from a server that fails', async () => {
  const missing = new RunData(clientFor({}), 'a');
  await missing.load();
  expect(missing.isMissing).toBe(true);
  const failing = new RunData(clientFor({}, 500), 'a');
  await failing.load();
  expect(failing.isMissing).toBe(false);
  expect(failing.problem).not.toBeNull();
});

it('says nothing once the page is left', async () => {
  const data = new RunData(clientFor({}, 500), 'a');
  data.stop();
  await data.load();
  expect(data.problem).toBeNull();
});

it('takes over the soundtrack that comes back from a shift', async () => {
  const shifted = { ...SOUNDTRACK, clock_offset_s: 30 };
  const client = clientFor({ ...WHOLE, '/v1/soundtracks/a/clock-offset': shifted });
  const data = new RunData(client, 'a');
  await data.load();
  await data.shift(30);
  expect(data.soundtrack?.clock_offset_s).toBe(30);
});
