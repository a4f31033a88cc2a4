/** The map's answer, read page by page. */

import type { Client } from '#lib/api/client.ts';
import type { MapHead } from './decode.ts';
import type { Painter } from './painter.ts';
import type { Box } from './view.ts';

export interface HeardTrack {
  id: string;
  title: string;
  artist: string;
  runs: number;
}

export interface ReadPage {
  head: MapHead;
  /** Of its runs. */
  boxes: Box[];
  /** Of all pages up to this one. */
  tracks: ReadonlyMap<string, HeardTrack>;
}

/** The first page is small, so that it is on the screen soon. */
const FIRST_RUNS = 250;
const LATER_RUNS = 2000;

/** Hands each page to the painter; `between` as the address of the answer has it. */
export async function* readPages(
  api: Pick<Client, 'download'>,
  painter: Pick<Painter, 'add'>,
  between: Record<string, string>,
): AsyncGenerator<ReadPage> {
  const tracks = new Map<string, HeardTrack>();
  let cursor: string | null = null;
  do {
    const limit = String(cursor === null ? FIRST_RUNS : LATER_RUNS);
    const words = new URLSearchParams({ ...between, limit, ...(cursor && { cursor }) });
    const page = await api.download(`/v1/retrospect/map?${words}`);
    const { head, boxes, runs } = await painter.add(await page.arrayBuffer());
    head.tracks.forEach(([id, title, artist], i) => {
      tracks.set(id, { id, title, artist, runs: runs[i] + (tracks.get(id)?.runs ?? 0) });
    });
    yield { head, boxes: quartets(boxes), tracks };
    cursor = head.next_cursor;
  } while (cursor !== null);
}

const quartets = (numbers: Float64Array): Box[] =>
  Array.from({ length: numbers.length / 4 }, (_, i) => [...numbers.slice(4 * i, 4 * i + 4)] as Box);
