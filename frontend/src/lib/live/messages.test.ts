import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HISTORY_COLUMNS, PROTOCOL, type FromRunner } from './messages.ts';
import { block, live, queued, song, status } from './fixture.ts';

interface Schema {
  protocol: number;
  directions: Record<string, { discriminator: { mapping: Record<string, string> } }>;
  $defs: Record<string, { properties: Record<string, unknown> }>;
}

const schema = JSON.parse(
  readFileSync(new URL('../../../../docs/live.schema.json', import.meta.url), 'utf8'),
) as Schema;

const fieldsOf = (properties: object) =>
  Object.keys(properties)
    .filter((field) => field !== 'type')
    .sort();

/** The first message aside. */
const SENT: Record<Exclude<FromRunner['type'], 'hello'>, true> = {
  pulse_back: true,
  stop: true,
  nudge: true,
  goal: true,
  song: true,
  queue: true,
  finish: true,
  take_control: true,
};

describe('the messages that are written down here', () => {
  it('are of the protocol in docs/live.schema.json', () => {
    expect(PROTOCOL).toBe(schema.protocol);
  });

  // The compiler sees to it that a sample has every field of its type, and no other.
  it.each([
    ['Live', live],
    ['Status', status],
    ['Settings', live.settings],
    ['Block', block],
    ['Song', song],
    ['QueuedSong', queued],
    ['HistoryColumns', Object.fromEntries(HISTORY_COLUMNS.map((name) => [name, []]))],
  ])('have the fields of %s', (name, sample) => {
    expect(fieldsOf(sample)).toEqual(fieldsOf(schema.$defs[name].properties));
  });

  it('are all that a runner may send', () => {
    const { mapping } = schema.directions['runner to server'].discriminator;
    expect(Object.keys(SENT).sort()).toEqual(Object.keys(mapping).sort());
  });
});
