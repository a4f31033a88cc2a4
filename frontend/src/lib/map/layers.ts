/**
 * The coloured path: streams and paint -> a few hundred GeoJSON pieces.
 *
 * Every second of the run gets a paint; neighbouring seconds of one paint become one line. Neighbour
 * lines share a point, so that the path has no cracks. Where the position is missing, a faint line
 * joins the ends.
 */

import type { Feature, FeatureCollection, LineString } from 'geojson';
import { stepOf, type Scale } from '#lib/color/scales.ts';
import { mix } from '#lib/color/oklch.ts';
import type { PlayedSpan } from '#lib/run/realign.ts';
import { movingMean, type Streams } from '#lib/run/streams.ts';
import { positionAt, type Position } from './geometry.ts';

export interface Paint {
  color: string;
  /** Drawn as an outline: silence, or nothing measured. */
  isHollow: boolean;
  /** Index of the span, or -1. */
  span: number;
  /** Stands back behind a selected song. */
  isFaded?: boolean;
}

export interface PieceProperties extends Required<Paint> {
  start_s: number;
  isGap: boolean;
}

export type Piece = Feature<LineString, PieceProperties>;

/** How far a faded colour goes towards the ground. */
export const FADED_SHARE = 0.75;

const EDGE_SLICES = 8;
const MOST_PIECES = 600;
const SMOOTH_S = 15;

/**
 * Paint of every second by song. Where a song's start is uncertain, its colour fades in over the
 * seconds in doubt: a soft edge.
 */
export function songPaint<Span extends PlayedSpan>(
  spans: Span[],
  colorOf: (span: Span) => string,
  length_s: number,
): Paint[] {
  const paint = new Array<Paint>(length_s);
  spans.forEach((span, i) => {
    const own: Paint = { color: colorOf(span), isHollow: span.track_id === null, span: i };
    paint.fill(own, Math.floor(span.start_s), Math.floor(span.end_s));
  });
  spans.slice(1).forEach((span, i) => {
    const before = spans[i];
    const reach_s = Math.min(
      span.start_uncertainty_s,
      (span.end_s - span.start_s) / 2,
      (before.end_s - before.start_s) / 2,
    );
    const slices = Math.min(EDGE_SLICES, Math.floor(2 * reach_s));
    if (slices < 2) return;
    for (let slice = 0; slice < slices; slice++) {
      const from_s = span.start_s - reach_s + (2 * reach_s * slice) / slices;
      const color = mix(colorOf(before), colorOf(span), (slice + 0.5) / slices);
      const edge = { color, isHollow: false, span: slice < slices / 2 ? i : i + 1 };
      paint.fill(edge, Math.round(from_s), Math.round(from_s + (2 * reach_s) / slices));
    }
  });
  return paint;
}

/**
 * Paint of every second by a measured value, smoothed a little and held for blocks of a few seconds,
 * so that the longest and most nervous run stays at a few hundred pieces.
 */
export function valuePaint(
  values: Float64Array,
  scale: Scale,
  unknownColor: string,
  spanAt: (second: number) => number,
): Paint[] {
  const smooth = movingMean(values, SMOOTH_S);
  const block_s = Math.ceil(values.length / MOST_PIECES);
  let held = -1;
  return Array.from(smooth, (value, second) => {
    if (Number.isNaN(value)) held = -1;
    else if (held < 0 || second % block_s === 0) held = stepOf(scale, value);
    const span = spanAt(second);
    return held < 0
      ? { color: unknownColor, isHollow: true, span }
      : { color: scale.colors[held], isHollow: false, span };
  });
}

/** The same paint with all but one span faded into the ground; all of it when `span` is null. */
export function withEmphasis(paint: Paint[], span: number | null, ground: string): Paint[] {
  if (span === null) return paint;
  const faded = new Map<string, string>();
  return paint.map((second) => {
    if (second.span === span) return second;
    const color = faded.get(second.color) ?? mix(second.color, ground, FADED_SHARE);
    faded.set(second.color, color);
    return { ...second, color, isFaded: true };
  });
}

/** Pieces of one paint each, in the order run; gaps in the position as pieces marked `isGap`. */
export function pathPieces(
  streams: Streams,
  paint: Paint[],
): FeatureCollection<LineString, PieceProperties> {
  const features: Piece[] = [];
  let line: Position[] = [];
  let current: Paint | null = null;
  let start_s = 0;
  let last: Position | null = null;
  let lastSecond = 0;

  const flush = () => {
    if (current && line.length > 1) features.push(piece(line, current, start_s, false));
    line = [];
  };
  for (let second = 0; second < streams.length_s; second++) {
    const at = positionAt(streams, second);
    const wanted = paint[second];
    if (!at || !wanted) continue;
    if (last && second - lastSecond > 1) {
      flush();
      features.push(piece([last, at], wanted, lastSecond, true));
      current = null;
    }
    if (!current || !isSame(current, wanted)) {
      flush();
      if (current && last) line.push(last);
      current = wanted;
      start_s = second;
    }
    line.push(at);
    last = at;
    lastSecond = second;
  }
  flush();
  return { type: 'FeatureCollection', features };
}

const isSame = (a: Paint, b: Paint) =>
  a.color === b.color && a.isHollow === b.isHollow && a.span === b.span;

function piece(coordinates: Position[], paint: Paint, start_s: number, isGap: boolean): Piece {
  return {
    type: 'Feature',
    properties: { isFaded: false, ...paint, start_s, isGap },
    geometry: { type: 'LineString', coordinates },
  };
}
