import { describe, expect, it } from 'vitest';
import { preferredHue } from '#lib/color/songs.ts';
import { decodeMap, type MapHead } from './decode.ts';
import { Painting, type Wish } from './painting.ts';

/** A page as `codecs/run_map.py` packs it. */
function packed(head: MapHead, paths: number[][], spans: [number, number][][]): ArrayBuffer {
  const words = new TextEncoder().encode(JSON.stringify(head));
  const numbers = [
    ...paths.map((path) => path.length),
    ...spans.map((of) => of.length),
    ...spans.flat().map(([end_s]) => end_s),
    ...spans.flat().map(([, track]) => track),
  ];
  const bytes = new Uint8Array(4 + words.length + 4 * numbers.length + paths.flat().length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, words.length, true);
  bytes.set(words, 4);
  numbers.forEach((number, i) => view.setUint32(4 + words.length + 4 * i, number, true));
  bytes.set(paths.flat(), 4 + words.length + 4 * numbers.length);
  return bytes.buffer;
}

/** Latitude 0; longitude, second and speed of each point, all below 64. */
const eastward = (points: [number, number, number][]) => {
  let [longitude, second] = [0, 0];
  return points.flatMap(([east, at_s, speed]) => {
    const deltas = [0, 2 * (east - longitude), 2 * (at_s - second), speed];
    [longitude, second] = [east, at_s];
    return deltas;
  });
};

const DAY_S = 86_400;
const HEAD: MapHead = {
  total: 2,
  unmeasured: 0,
  next_cursor: null,
  runs: [
    ['late', 'Late', 2 * DAY_S, null, 1000, 3],
    // After midnight where it was run.
    ['early', 'Early', DAY_S - 600, 3600, 1000, 3],
  ],
  tracks: [['song', 'Song', 'Someone']],
};
const page = () =>
  packed(
    HEAD,
    [
      eastward([
        [0, 0, 255],
        [40, 40, 60],
      ]),
      eastward([
        [0, 0, 255],
        [20, 20, 60],
      ]),
    ],
    [
      [
        [10, 1],
        [41, 0],
      ],
      [],
    ],
  );

const SCALE = 36_000_000 / 10;
const WISH: Wish = {
  width: 8,
  height: 3,
  half_px: 0.5,
  left: 0.5,
  top: 0.5 - 1.5 / SCALE,
  scale: SCALE,
  seen: [0, 0, 8, 3],
  days: [-Infinity, Infinity],
  mode: 'song',
  songColors: Array.from({ length: 12 }, (_, i) => `#0000${(16 + i).toString(16)}`),
  paceColors: ['#00ff00'],
  quiet: '#808080',
  strong: '#ffffff',
  pace: { low: 2, high: 4 },
  track: null,
  artist: null,
  run: null,
};
const blueOf = (pixels: Uint8ClampedArray) =>
  Array.from({ length: 8 }, (_, x) => pixels[4 * (8 + x) + 2]);

describe('decodeMap', () => {
  it('cuts a line where the song changes', () => {
    const { lines } = decodeMap(page());
    expect([...lines.starts]).toEqual([0, 3, 5]);
    expect([...lines.track]).toEqual([1, 1, 0, 0, 0]);
    expect(lines.x[1]).toBeCloseTo(0.5 + 10 / 36_000_000, 12);
    expect([...lines.speed]).toEqual([255, 60, 60, 255, 60]);
  });

  it('refuses a page that is cut off', () => {
    expect(() => decodeMap(page().slice(0, -3))).toThrow(RangeError);
  });
});

describe('Painting', () => {
  it('paints each stretch in the colour of its song and tells who is in view', () => {
    const painting = new Painting();
    expect(painting.add(page()).runs).toEqual([1]);
    const { pixels, inView, owner } = painting.paint(WISH);
    const song = 16 + preferredHue('song');
    expect(blueOf(pixels).slice(0, 4)).toEqual([song, 128, 128, 128]);
    expect([...inView]).toEqual([0, 1]);
    expect(owner[8 + 3]).toBe(1);
  });

  it('shows the runs of some days of the wrist alone', () => {
    const painting = new Painting();
    painting.add(page());
    const { inView, owner } = painting.paint({ ...WISH, days: [1, 1] });
    expect([...inView]).toEqual([1]);
    expect(owner[8]).toBe(2);
    expect(owner[8 + 3]).toBe(0);
  });

  it('lets all but an artist stand back', () => {
    const painting = new Painting();
    painting.add(page());
    const { inView } = painting.paint({ ...WISH, artist: 'Someone' });
    expect([...inView]).toEqual([0]);
    expect([...painting.paint({ ...WISH, track: 'unknown' }).inView]).toEqual([]);
  });
});
