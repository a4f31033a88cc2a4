import { expect, it } from 'vitest';
import { readEvents } from './events.ts';

/** A body that arrives in these pieces. */
const bodyOf = (pieces: Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });

async function read(chunks: string[]) {
  const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
  const events = [];
  for await (const event of readEvents(bodyOf(bytes))) events.push(event);
  return events;
}

it('reads names and data, whatever the line ends', async () => {
  expect(await read(['event: progress\r\ndata: {"a":1}\r\n\r\ndata:plain\n\n'])).toEqual([
    { name: 'progress', data: '{"a":1}' },
    { name: 'message', data: 'plain' },
  ]);
});

it('puts together what arrives in pieces, letters of two bytes too', async () => {
  const whole = 'event: done\ndata: "Fjörd"\n\n';
  const bytes = [...new TextEncoder().encode(whole)].map((byte) => new Uint8Array([byte]));
  const events = [];
  for await (const event of readEvents(bodyOf(bytes))) events.push(event);
  expect(events).toEqual([{ name: 'done', data: '"Fjörd"' }]);
});

it('joins several lines of data, and skips comments and empty events', async () => {
  expect(await read([': still here\n\nevent: lonely\n\ndata: a\ndata: b\n\n'])).toEqual([
    { name: 'message', data: 'a\nb' },
  ]);
});

it('drops an event that was cut off', async () => {
  expect(await read(['data: whole\n\ndata: cut'])).toEqual([{ name: 'message', data: 'whole' }]);
});
