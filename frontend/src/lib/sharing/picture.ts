/**
 * The picture of a run: drawn from what others may see and from nothing else.
 *
 * Everything is laid out first, in pixels of the finished picture, and then drawn. Letters of every
 * script come from the reader's own fonts, which a canvas falls back to as a page does.
 */

import type { SharedRun, Units } from '#lib/api/types.ts';
import { inkOn, type Theme } from '#lib/color/songs.ts';
import { t } from '#lib/i18n/index.ts';
import type { Paint } from '#lib/map/layers.ts';
import type { ShownSpan } from '#lib/run/soundtrack.ts';
import type { Streams } from '#lib/run/streams.ts';
import { figuresOf, whenOf } from './shared.ts';

export const SIZES = {
  square: [1080, 1080],
  portrait: [1080, 1920],
  landscape: [1600, 900],
} as const;
export type Size = keyof typeof SIZES;

export interface Wanted {
  size: Size;
  theme: Theme;
  map: boolean;
  songs: boolean;
  figures: boolean;
}

export interface Drawn {
  shared: SharedRun;
  streams: Streams;
  spans: ShownSpan[];
  paint: Paint[];
  colorOf: (span: ShownSpan) => string;
  units: Units;
}

/** The part of a canvas that is used. */
export type Ink = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'fillRect'
  | 'fillText'
  | 'measureText'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'fill'
  | 'stroke'
>;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const COLORS: Record<Theme, { ground: string; text: string; muted: string; casing: string }> = {
  light: { ground: '#fbfaf8', text: '#1b1d22', muted: '#63666e', casing: '#ffffff' },
  dark: { ground: '#101216', text: '#eeeff2', muted: '#a4a8b1', casing: '#000000' },
};
const FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const MARGIN = 72;
const GAP = 36;
const LINE = 52;
const FIGURES = 108;
/** Radius of what a song's number stands on; two never cover each other on the path. */
const DOT = 19;
/** Wide enough for two columns of songs. */
const TWO_COLUMNS = 900;
/** Stands between a figure and its unit. */
const NARROW = '\u202f';

/** Where what is shown goes; a part that is not shown leaves its room to the others. */
export function layOut(wanted: Wanted): Partial<Record<'map' | 'songs' | 'figures', Box>> {
  const [width, height] = SIZES[wanted.size];
  const inner = width - 2 * MARGIN;
  const top = MARGIN + 136;
  let bottom = height - MARGIN - 40;
  const boxes: ReturnType<typeof layOut> = {};
  if (wanted.figures) {
    boxes.figures = { x: MARGIN, y: bottom - FIGURES, width: inner, height: FIGURES };
    bottom -= FIGURES + GAP;
  }
  const middle = { x: MARGIN, y: top, width: inner, height: bottom - top };
  if (!wanted.map || !wanted.songs) {
    if (wanted.map) boxes.map = middle;
    if (wanted.songs) boxes.songs = middle;
  } else if (wanted.size === 'landscape') {
    const half = (inner - GAP) / 2;
    boxes.map = { ...middle, width: half };
    boxes.songs = { ...middle, x: MARGIN + half + GAP, width: half };
  } else {
    const share = (middle.height - GAP) * (wanted.size === 'square' ? 0.58 : 0.55);
    boxes.map = { ...middle, height: share };
    boxes.songs = { ...middle, y: top + share + GAP, height: middle.height - share - GAP };
  }
  return boxes;
}

export function drawPicture(ink: Ink, wanted: Wanted, drawn: Drawn): void {
  const [width, height] = SIZES[wanted.size];
  const colors = COLORS[wanted.theme];
  const boxes = layOut(wanted);
  ink.fillStyle = colors.ground;
  ink.fillRect(0, 0, width, height);
  ink.textBaseline = 'alphabetic';
  const { shared } = drawn;
  write(ink, shared.name, MARGIN, MARGIN + 52, width - 2 * MARGIN, colors.text, 56, true);
  write(ink, whenOf(shared), MARGIN, MARGIN + 104, width - 2 * MARGIN, colors.muted, 32);
  if (boxes.map) drawPath(ink, boxes.map, drawn, colors.casing);
  if (boxes.songs) drawSongs(ink, boxes.songs, drawn, colors);
  if (boxes.figures) drawFigures(ink, boxes.figures, drawn, colors);
  write(ink, t.sharing.product, MARGIN, height - MARGIN + 8, width - 2 * MARGIN, colors.muted, 26);
}

/** The path's points in a box, north up, shapes kept; null in a gap. */
export function placePath({ columns }: Streams, box: Box): ([number, number] | null)[] {
  const { latitude, longitude } = columns;
  if (!latitude || !longitude) return [];
  const first = longitude.find((value) => !Number.isNaN(value)) ?? 0;
  const middle = latitude.find((value) => !Number.isNaN(value)) ?? 0;
  const squeeze = Math.cos((middle * Math.PI) / 180);
  // Around the date line a path stays whole when longitudes are counted from its start.
  const xs = Array.from(longitude, (value) => (((value - first + 540) % 360) - 180) * squeeze);
  const ys = Array.from(latitude, (value) => -value);
  const known = xs.filter((value) => !Number.isNaN(value));
  const tall = ys.filter((value) => !Number.isNaN(value));
  if (known.length < 2) return [];
  const [west, east] = bounds(known);
  const [north, south] = bounds(tall);
  const scale = Math.min(box.width / (east - west || 1e-9), box.height / (south - north || 1e-9));
  return xs.map((x, i) =>
    Number.isNaN(x) || Number.isNaN(ys[i])
      ? null
      : [
          box.x + box.width / 2 + (x - (west + east) / 2) * scale,
          box.y + box.height / 2 + (ys[i] - (north + south) / 2) * scale,
        ],
  );
}

function bounds(values: number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function drawPath(ink: Ink, box: Box, { streams, spans, paint, colorOf }: Drawn, casing: string) {
  const inset = { x: box.x + 24, y: box.y + 24, width: box.width - 48, height: box.height - 48 };
  const points = placePath(streams, inset);
  ink.lineCap = 'round';
  ink.lineJoin = 'round';
  const stroke = (from: number, to: number, color: string, width: number) => {
    ink.strokeStyle = color;
    ink.lineWidth = width;
    ink.beginPath();
    let isDown = false;
    for (let i = from; i <= Math.min(to, points.length - 1); i++) {
      const point = points[i];
      if (point === null) isDown = false;
      else if (isDown) ink.lineTo(...point);
      else {
        ink.moveTo(...point);
        isDown = true;
      }
    }
    ink.stroke();
  };
  stroke(0, points.length - 1, casing, 18);
  for (let from = 0; from < points.length;) {
    let to = from;
    while (to + 1 < points.length && paint[to + 1]?.color === paint[from]?.color) to++;
    stroke(from, to + 1, paint[from]?.color ?? casing, 11);
    from = to + 1;
  }
  const longestFirst = spans.toSorted((a, b) => b.end_s - b.start_s - (a.end_s - a.start_s));
  const placed: [number, number][] = [];
  for (const span of longestFirst) {
    const point = points[span.start_s];
    if (span.number === null || !point) continue;
    if (placed.some(([x, y]) => Math.hypot(x - point[0], y - point[1]) < 2 * DOT)) continue;
    placed.push(point);
    dot(ink, point, span.number, colorOf(span));
  }
}

function dot(ink: Ink, [x, y]: [number, number], number: number, color: string) {
  ink.fillStyle = color;
  ink.beginPath();
  ink.arc(x, y, DOT, 0, 2 * Math.PI);
  ink.fill();
  ink.textAlign = 'center';
  ink.font = font(22, true);
  ink.fillStyle = inkOn(color);
  ink.fillText(String(number), x, y + 8);
  ink.textAlign = 'left';
}

function drawSongs(
  ink: Ink,
  box: Box,
  { spans, colorOf }: Drawn,
  colors: (typeof COLORS)['light'],
) {
  const songs = spans.filter((span) => span.number !== null);
  const rows = Math.max(1, Math.floor(box.height / LINE));
  const across = songs.length > rows && box.width > TWO_COLUMNS ? 2 : 1;
  const width = (box.width - (across - 1) * GAP) / across;
  const room = rows * across;
  const shown = songs.length > room ? songs.slice(0, room - 1) : songs;
  const place = (i: number): [number, number] => [
    box.x + Math.floor(i / rows) * (width + GAP),
    box.y + LINE / 2 + (i % rows) * LINE,
  ];
  shown.forEach((span, i) => {
    const [x, y] = place(i);
    dot(ink, [x + 20, y], span.number ?? 0, colorOf(span));
    const title = span.track?.title ?? '';
    const whole = `${title} · ${span.track?.artist ?? ''}`;
    ink.font = font(30);
    const words = ink.measureText(whole).width <= width - 60 ? whole : title;
    write(ink, words, x + 60, y + 11, width - 60, colors.text, 30);
  });
  const left = songs.length - shown.length;
  const [x, y] = place(shown.length);
  if (left > 0) write(ink, t.sharing.more(left), x + 60, y + 11, width - 60, colors.muted, 30);
  if (songs.length === 0)
    write(ink, t.sharing.noSongs, box.x, box.y + 37, box.width, colors.muted, 30);
}

function drawFigures(
  ink: Ink,
  box: Box,
  { shared, units }: Drawn,
  colors: (typeof COLORS)['light'],
) {
  const figures = figuresOf(shared, units).slice(0, 4);
  const step = box.width / Math.max(figures.length, 1);
  figures.forEach(([label, figure], i) => {
    const x = box.x + i * step;
    write(ink, label, x, box.y + 32, step - 16, colors.muted, 26);
    const [value, unit = ''] = figure.split(NARROW);
    write(ink, value, x, box.y + 86, step - 16, colors.text, 44, true);
    const after = ink.measureText(value).width + 10;
    write(ink, unit, x + after, box.y + 86, step - after, colors.muted, 24);
  });
}

const font = (size: number, isStrong = false) => `${isStrong ? 600 : 400} ${size}px ${FONTS}`;

function write(
  ink: Ink,
  text: string,
  x: number,
  y: number,
  width: number,
  color: string,
  size: number,
  isStrong = false,
) {
  ink.font = font(size, isStrong);
  ink.fillStyle = color;
  ink.textAlign = 'left';
  ink.fillText(
    shortened(text, (part) => ink.measureText(part).width <= width),
    x,
    y,
  );
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** As many whole letters as fit, and an ellipsis when some had to go. */
export function shortened(text: string, fits: (part: string) => boolean): string {
  if (fits(text)) return text;
  const parts = Array.from(letters.segment(text), ({ segment }) => segment);
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(`${parts.slice(0, middle).join('').trimEnd()}…`)) low = middle;
    else high = middle - 1;
  }
  return `${parts.slice(0, low).join('').trimEnd()}…`;
}
