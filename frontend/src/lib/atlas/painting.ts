/** All runs, and the picture of those that are wanted. Lives in a worker (`painting.worker.ts`). */

import { stepOf, type Scale } from '#lib/color/scales.ts';
import { preferredHue } from '#lib/color/songs.ts';
import { dayOf } from './days.ts';
import { decodeMap, SPEED_STEP_MPS, UNKNOWN_SPEED, type Lines, type MapHead } from './decode.ts';
import { compose, drawLine, makePlanes, pixelOf, type Planes } from './raster.ts';

export type AtlasMode = 'song' | 'artist' | 'pace';

/** What the map shall show. */
export interface Wish {
  /** Size of the picture in device pixels, and half the width of its lines. */
  width: number;
  height: number;
  half_px: number;
  /** Upper left corner in the map's plane, and pixels to its width. */
  left: number;
  top: number;
  scale: number;
  /** The part of the picture that is on the screen, in pixels: left, top, right, bottom. */
  seen: [number, number, number, number];
  /** The first day whose runs are shown and the last, as `dayOf` counts them. */
  days: [number, number];
  mode: AtlasMode;
  /** Of songs, then silence; of paces, slow to fast. */
  songColors: string[];
  paceColors: string[];
  quiet: string;
  strong: string;
  pace: Pick<Scale, 'low' | 'high'>;
  /** Only what was run to this stands out. */
  track: string | null;
  artist: string | null;
  /** Place of the run that stands out. */
  run: number | null;
}

export interface Picture {
  pixels: Uint8ClampedArray<ArrayBuffer>;
  owner: Int32Array<ArrayBuffer>;
  /** Places of the runs that are on the screen, the latest first. */
  inView: Int32Array<ArrayBuffer>;
}

/** What a page tells. */
export interface Added {
  head: MapHead;
  /** Of each of its runs, in the map's plane: west, north, east, south. */
  boxes: Float64Array;
  /** In how many of its runs each track of the head is. */
  runs: number[];
}

interface Page {
  lines: Lines;
  /** Place of its first run among all. */
  first: number;
  /** Of each run: west, north, east, south. */
  boxes: Float64Array;
  days: Float64Array;
  /** Place among all tracks of each track of the head; 0 is silence. */
  tracks: Int32Array;
}

/** Places among the colours: what stands back, what lies around the chosen run, and the others. */
const QUIET = 0;
const STRONG = 1;
const FIRST = 2;
/** A piece shorter than this waits until the line has come further. */
const LEAST_PX = 0.75;

export class Painting {
  readonly #pages: Page[] = [];
  readonly #places = new Map<string, number>();
  readonly #ids = [''];
  readonly #artists = [''];
  #runs = 0;
  #planes: Planes | null = null;

  /** Takes a page in. */
  add(buffer: ArrayBuffer): Added {
    const { head, lines } = decodeMap(buffer);
    const boxes = boxesOf(lines);
    const tracks = new Int32Array(head.tracks.length + 1);
    head.tracks.forEach(([id, , artist], i) => (tracks[i + 1] = this.#place(id, artist)));
    this.#pages.push({
      lines,
      first: this.#runs,
      boxes,
      days: Float64Array.from(head.runs, dayOf),
      tracks,
    });
    this.#runs += head.runs.length;
    return { head, boxes, runs: runsByTrack(lines, head.tracks.length) };
  }

  paint(wish: Wish): Picture {
    const planes = this.#clean(wish);
    const inks = this.#inks(wish);
    const { of, picked } = inks;
    if (picked) this.#drawAll(planes, wish, () => QUIET);
    const inView = this.#drawAll(
      planes,
      wish,
      picked
        ? (page, track, speed) => (picked[page.tracks[track]] ? of(page, track, speed) : NOTHING)
        : of,
    );
    this.#drawChosen(planes, wish, inks);
    const colors = [wish.quiet, wish.strong, ...wish.songColors, ...wish.paceColors];
    return {
      pixels: compose(planes, Uint32Array.from(colors, pixelOf)),
      owner: planes.owner.slice(),
      inView: Int32Array.from(inView.reverse()),
    };
  }

  /** Places of those seen, the oldest first: so of equals the latest is on top. */
  #drawAll(planes: Planes, wish: Wish, inkOf: InkOf): number[] {
    const seen: number[] = [];
    for (const page of this.#pages.toReversed()) {
      for (let run = page.days.length - 1; run >= 0; run--) {
        if (!isWanted(page, run, wish)) continue;
        if (draw(planes, page, run, wish, inkOf, wish.half_px)) seen.push(page.first + run);
      }
    }
    return seen;
  }

  #drawChosen(planes: Planes, wish: Wish, { of }: Inks) {
    const page = this.#pages.findLast(({ first }) => wish.run !== null && first <= wish.run);
    if (!page || wish.run === null || wish.run >= this.#runs) return;
    const run = wish.run - page.first;
    // Nothing hides it: what was there before is wiped where it goes.
    draw(planes, page, run, wish, () => STRONG, wish.half_px * CASING, true);
    draw(planes, page, run, wish, of, wish.half_px * CHOSEN, true);
  }

  /** The planes of the last picture where they have the size, emptied. */
  #clean({ width, height }: Wish): Planes {
    if (this.#planes?.width !== width || this.#planes.height !== height) {
      return (this.#planes = makePlanes(width, height));
    }
    this.#planes.cover.fill(0);
    this.#planes.owner.fill(0);
    return this.#planes;
  }

  #inks(wish: Wish): Inks {
    const words = wish.mode === 'artist' ? this.#artists : this.#ids;
    const byTrack = Uint8Array.from(words, (word) => (word ? FIRST + preferredHue(word) : QUIET));
    const paces = FIRST + wish.songColors.length;
    const bySpeed = Uint8Array.from({ length: UNKNOWN_SPEED + 1 }, (_, speed) =>
      speed === UNKNOWN_SPEED ? QUIET : paces + stepOf(wish.pace, speed * SPEED_STEP_MPS),
    );
    const isPicky = wish.track !== null || wish.artist !== null;
    return {
      of: ({ tracks }, track, speed) =>
        wish.mode === 'pace' ? bySpeed[speed] : byTrack[tracks[track]],
      picked: isPicky
        ? Uint8Array.from(this.#ids, (id, i) =>
            Number(id === wish.track || (i > 0 && this.#artists[i] === wish.artist)),
          )
        : null,
    };
  }

  #place(id: string, artist: string): number {
    const known = this.#places.get(id);
    if (known !== undefined) return known;
    this.#places.set(id, this.#ids.length);
    this.#ids.push(id);
    this.#artists.push(artist);
    return this.#ids.length - 1;
  }
}

/** The ink of a piece under this track of its page at this speed, or `NOTHING`. */
type InkOf = (page: Page, track: number, speed: number) => number;

interface Inks {
  of: InkOf;
  /** By track, where only some are wanted. */
  picked: Uint8Array | null;
}

const NOTHING = -1;
/** Widths of the run that stands out, and of the line around it, against those of others. */
const CHOSEN = 1.6;
const CASING = 2.8;

function isWanted({ days, boxes }: Page, run: number, wish: Wish): boolean {
  if (days[run] < wish.days[0] || days[run] > wish.days[1]) return false;
  const box = 4 * run;
  return (
    boxes[box + 2] >= wish.left &&
    boxes[box + 3] >= wish.top &&
    boxes[box] <= wish.left + wish.width / wish.scale &&
    boxes[box + 1] <= wish.top + wish.height / wish.scale
  );
}

/** Draws a run and says whether any of what was drawn is on the screen. */
function draw(
  planes: Planes,
  page: Page,
  run: number,
  wish: Wish,
  inkOf: InkOf,
  half_px: number,
  isOnTop = false,
): boolean {
  const { starts, x, y, track, speed } = page.lines;
  const { left, top, scale } = wish;
  const [west, north, east, south] = wish.seen;
  const end = starts[run + 1];
  const owner = page.first + run + 1;
  let isSeen = false;
  // Plain numbers only: this runs a million times for a picture.
  let fromX = (x[starts[run]] - left) * scale;
  let fromY = (y[starts[run]] - top) * scale;
  for (let i = starts[run] + 1; i < end; i++) {
    const toX = (x[i] - left) * scale;
    const toY = (y[i] - top) * scale;
    const isShort = Math.abs(toX - fromX) < LEAST_PX && Math.abs(toY - fromY) < LEAST_PX;
    if (isShort && i < end - 1) continue;
    const ink = inkOf(page, track[i], speed[i]);
    if (ink !== NOTHING) {
      drawLine(planes, fromX, fromY, toX, toY, half_px, ink, owner, isOnTop);
      isSeen ||= toX >= west && toY >= north && toX < east && toY < south;
    }
    fromX = toX;
    fromY = toY;
  }
  return isSeen;
}

function boxesOf({ starts, x, y }: Lines): Float64Array {
  const boxes = new Float64Array(4 * (starts.length - 1));
  for (let run = 0; run < starts.length - 1; run++) {
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = starts[run]; i < starts[run + 1]; i++) {
      west = Math.min(west, x[i]);
      east = Math.max(east, x[i]);
      north = Math.min(north, y[i]);
      south = Math.max(south, y[i]);
    }
    boxes.set([west, north, east, south], 4 * run);
  }
  return boxes;
}

/** In how many runs each track of a head is. */
function runsByTrack({ starts, track }: Lines, tracks: number): number[] {
  const counts = new Array<number>(tracks).fill(0);
  for (let run = 0; run < starts.length - 1; run++) {
    for (const place of new Set(track.subarray(starts[run], starts[run + 1]))) {
      if (place > 0) counts[place - 1]++;
    }
  }
  return counts;
}
