import { describe, expect, it } from 'vitest';
import type { SharedRun } from '#lib/api/types.ts';
import { paintOf, songColors } from '#lib/run/paint.ts';
import { shownSpans } from '#lib/run/soundtrack.ts';
import { decodeStreams } from '#lib/run/streams.ts';
import {
  drawPicture,
  layOut,
  placePath,
  shortened,
  SIZES,
  type Ink,
  type Size,
} from './picture.ts';
import { linkFor } from './reach.ts';
import { soundtrackOf } from './shared.ts';

const SPAN = { start_uncertainty_s: 0, moving_s: 5, distance_m: 15, speed_mps: 3 };
const shared: SharedRun = {
  name: 'Morning run',
  sport: 'run',
  is_indoor: false,
  is_clipped: true,
  day: '2026-03-01',
  started_at: null,
  utc_offset_s: null,
  elapsed_s: 10,
  moving_s: 10,
  distance_m: 30,
  ascent_m: null,
  descent_m: null,
  mean_speed_mps: 3,
  mean_heart_rate_bpm: null,
  mean_cadence_spm: 172,
  streams: {
    length_s: 10,
    columns: {
      latitude: { scale: 1e-5, deltas: [5_250_000, 3, 3, 3, null, 3, 3, 3, 3, 3] },
      longitude: { scale: 1e-5, deltas: [1_340_000, 4, 4, 4, null, 4, 4, 4, 4, 4] },
    },
  },
  songs: [
    { id: '1', title: 'Ένα τραγούδι', artist: 'مطرب', tempo_bpm: 170 },
    { id: '2', title: '歌 👩‍👩‍👧 song', artist: 'Singers', tempo_bpm: null },
  ],
  spans: [
    { ...SPAN, song_id: '1', start_s: 0, end_s: 5, heart_rate_bpm: null, cadence_spm: 172 },
    { ...SPAN, song_id: '2', start_s: 5, end_s: 10, heart_rate_bpm: null, cadence_spm: 172 },
  ],
};

/** Writes down what is drawn; letters are 20 px wide. */
function recorder() {
  const texts: { text: string; x: number; y: number }[] = [];
  const places: [number, number][] = [];
  const ink = {
    texts,
    places,
    fillText: (text: string, x: number, y: number) => texts.push({ text, x, y }),
    measureText: (text: string) => ({ width: 20 * text.length }),
    moveTo: (x: number, y: number) => places.push([x, y]),
    lineTo: (x: number, y: number) => places.push([x, y]),
    fillRect: () => undefined,
    beginPath: () => undefined,
    arc: (x: number, y: number) => places.push([x, y]),
    fill: () => undefined,
    stroke: () => undefined,
  };
  return ink as typeof ink & Ink;
}

function draw(size: Size, shows = { map: true, songs: true, figures: true }) {
  const ink = recorder();
  const streams = decodeStreams(shared.streams);
  const spans = shownSpans(soundtrackOf(shared), streams, null);
  drawPicture(
    ink,
    { size, theme: 'light', ...shows },
    {
      shared,
      streams,
      spans,
      paint: paintOf('song', streams, spans, null, 'light'),
      colorOf: songColors('light'),
      units: 'km',
    },
  );
  return ink;
}

describe('the picture', () => {
  it.each(Object.keys(SIZES) as Size[])('stays within its edges (%s)', (size) => {
    const [width, height] = SIZES[size];
    const { texts, places } = draw(size);
    for (const [x, y] of [...places, ...texts.map((text): [number, number] => [text.x, text.y])]) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(height);
    }
  });

  it('shows what was chosen and nothing else', () => {
    const words = (ink: ReturnType<typeof draw>) => ink.texts.map(({ text }) => text).join('\n');
    expect(words(draw('portrait'))).toContain('Ένα τραγούδι · مطرب');
    const bare = draw('portrait', { map: false, songs: false, figures: false });
    expect(words(bare)).not.toContain('τραγούδι');
    expect(words(bare)).not.toContain('km');
    expect(bare.places).toEqual([]);
    expect(words(bare)).not.toMatch(/\d:\d\d/);
  });

  it.each(Object.keys(SIZES) as Size[])('gives each part room of its own (%s)', (size) => {
    const boxes = Object.values(
      layOut({ size, theme: 'dark', map: true, songs: true, figures: true }),
    );
    expect(boxes).toHaveLength(3);
    for (const [i, a] of boxes.entries()) {
      expect(Math.min(a.width, a.height)).toBeGreaterThan(100);
      for (const b of boxes.slice(i + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
    }
  });

  it('keeps gaps, and paths across the date line whole', () => {
    const box = { x: 0, y: 0, width: 100, height: 100 };
    expect(placePath(decodeStreams(shared.streams), box)[4]).toBeNull();
    const across = {
      length_s: 3,
      columns: {
        latitude: Float64Array.of(0, 0, 0),
        longitude: Float64Array.of(179.99, -180, -179.99),
      },
    };
    const [first, middle, last] = placePath(across, box);
    expect(first?.[0]).toBeCloseTo(0);
    expect(middle?.[0]).toBeCloseTo(50);
    expect(last?.[0]).toBeCloseTo(100);
  });

  it('shortens by whole letters', () => {
    const fits = (least: number) => (part: string) => part.length <= least;
    expect(shortened('song', fits(4))).toBe('song');
    expect(shortened('a longer song', fits(9))).toBe('a longer…');
    expect(shortened('歌👩‍👩‍👧歌', fits(7))).toBe('歌…');
    expect(shortened('song', fits(0))).toBe('…');
  });
});

it('a shared run becomes a soundtrack of numbered songs', () => {
  const spans = shownSpans(soundtrackOf(shared), decodeStreams(shared.streams), null);
  expect(spans.map(({ number, track }) => [number, track?.title])).toEqual([
    [1, 'Ένα τραγούδι'],
    [2, '歌 👩‍👩‍👧 song'],
  ]);
});

it.each([
  ['http://127.0.0.1:8000', [], 'http://127.0.0.1:8000/s/x', 'here'],
  ['http://localhost:8000', ['https://192.168.1.5:8443'], 'https://192.168.1.5:8443/s/x', 'home'],
  ['https://192.168.1.5:8443', [], 'https://192.168.1.5:8443/s/x', 'home'],
  ['https://tower.local:8443', [], 'https://tower.local:8443/s/x', 'home'],
  ['https://172.32.0.1', [], 'https://172.32.0.1/s/x', 'everywhere'],
  [
    'https://runs.example.org',
    ['https://10.0.0.2:8443'],
    'https://runs.example.org/s/x',
    'everywhere',
  ],
])('a link of %s reaches as far as it does', (origin, homes, address, reach) => {
  expect(linkFor('/s/x', origin, homes)).toEqual({ address, reach });
});
