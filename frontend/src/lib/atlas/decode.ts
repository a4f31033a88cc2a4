/**
 * A page of the map of all runs, from the bytes of `codecs/run_map.py` to lines in the map's own
 * plane (Web Mercator, 0 to 1).
 *
 * Lines are cut where songs change, so that each piece between two points has one song and one pace.
 */

import { mercator } from '#lib/map/geometry.ts';

export type ToldRun = [
  id: string,
  name: string,
  started_s: number,
  utc_offset_s: number | null,
  distance_m: number | null,
  mean_speed_mps: number | null,
];
export type ToldTrack = [id: string, title: string, artist: string];

export interface MapHead {
  /** Of all pages. */
  total: number;
  /** Runs that are not yet on the map. */
  unmeasured: number;
  next_cursor: string | null;
  runs: ToldRun[];
  tracks: ToldTrack[];
}

/** The points of all runs of a page, one after the other. */
export interface Lines {
  /** Where each run begins, and behind the last where it ends. */
  starts: Int32Array;
  x: Float64Array;
  y: Float64Array;
  /** Of the piece that leads to a point: place of its track in the head from 1, 0 for silence. */
  track: Int32Array;
  /** Of the piece that leads to a point, in steps of 0.05 m/s; 255 where not known. */
  speed: Uint8Array;
}

export const UNKNOWN_SPEED = 255;
export const SPEED_STEP_MPS = 0.05;
const DEGREE = 1e5;

class Bytes {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    if (this.at >= this.#bytes.length) throw new RangeError('the map is cut off');
    return this.#bytes[this.at++];
  }

  whole(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  signed(): number {
    const value = this.whole();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
}

interface Point {
  x: number;
  y: number;
  second: number;
  speed: number;
}

/** Throws a RangeError when the bytes end too early. */
export function decodeMap(buffer: ArrayBuffer): { head: MapHead; lines: Lines } {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as MapHead;
  let at = 4 + length;
  const column = (count: number) => {
    const bytes = buffer.slice(at, (at += 4 * count));
    return new Uint32Array(bytes);
  };
  const sizes = column(head.runs.length);
  const counts = column(head.runs.length);
  const spanCount = counts.reduce((sum, count) => sum + count, 0);
  const ends = column(spanCount);
  const tracks = column(spanCount);
  if (tracks.length < spanCount) throw new RangeError('the map is cut off');

  const bytes = new Bytes(new Uint8Array(buffer, at));
  const starts = [0];
  const [x, y, track, speed]: number[][] = [[], [], [], []];
  const put = (point: Point, of: number) => {
    x.push(point.x);
    y.push(point.y);
    speed.push(point.speed);
    track.push(of);
  };
  let span = 0;
  for (let run = 0; run < head.runs.length; run++) {
    const until = span + counts[run];
    cut(readPath(bytes, sizes[run]), ends.subarray(span, until), tracks.subarray(span, until), put);
    span = until;
    starts.push(x.length);
  }
  return {
    head,
    lines: {
      starts: Int32Array.from(starts),
      x: Float64Array.from(x),
      y: Float64Array.from(y),
      track: Int32Array.from(track),
      speed: Uint8Array.from(speed),
    },
  };
}

function readPath(bytes: Bytes, size: number): Point[] {
  const end = bytes.at + size;
  const points: Point[] = [];
  let [latitude, longitude, second] = [0, 0, 0];
  while (bytes.at < end) {
    latitude += bytes.signed();
    longitude += bytes.signed();
    second += bytes.signed();
    const [x, y] = mercator([longitude / DEGREE, latitude / DEGREE]);
    points.push({ x, y, second, speed: bytes.byte() });
  }
  return points;
}

/** Puts all points and, between them, those at which a song gives way to the next. */
function cut(
  points: Point[],
  ends_s: Uint32Array,
  tracks: Uint32Array,
  put: (point: Point, track: number) => void,
) {
  let span = 0;
  points.forEach((point, i) => {
    const before = points[i - 1];
    while (span < ends_s.length && ends_s[span] < point.second) {
      if (before && ends_s[span] > before.second) {
        put(between(before, point, ends_s[span]), tracks[span]);
      }
      span++;
    }
    put(point, tracks[span] ?? 0);
  });
}

function between(from: Point, to: Point, second: number): Point {
  const share = (second - from.second) / (to.second - from.second);
  return {
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
    second,
    speed: to.speed,
  };
}
