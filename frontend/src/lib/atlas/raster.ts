/**
 * Lines of thousands of runs as pixels, drawn by the processor.
 *
 * A browser without a graphics card takes a second for what this does in a tenth, and with one the map
 * still moves as smoothly: it is painted once, larger than it is seen, and then slid.
 *
 * Three planes are filled: how far each pixel is covered, by which colour, and by whose run, which is
 * how the run under the pointer is found. Where two lines touch a pixel the one that covers more of it
 * wins, of equals the later one.
 */

export interface Planes {
  width: number;
  height: number;
  /** 0 (not at all) to 255. */
  cover: Uint8Array;
  /** Index into the colours. */
  color: Uint8Array;
  /** Number of the run from 1, 0 for none. */
  owner: Int32Array;
}

export function makePlanes(width: number, height: number): Planes {
  const size = width * height;
  return {
    width,
    height,
    cover: new Uint8Array(size),
    color: new Uint8Array(size),
    owner: new Int32Array(size),
  };
}

/**
 * A line between two places in pixels, `half` to either side, cut off at the edges. `isOnTop`: it wins
 * wherever it covers half a pixel.
 */
export function drawLine(
  planes: Planes,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  half: number,
  color: number,
  owner: number,
  isOnTop = false,
) {
  // Plain numbers only: this runs a million times for a picture.
  const dx = x1 - x0;
  const dy = y1 - y0;
  const isFlat = Math.abs(dx) >= Math.abs(dy);
  const long = isFlat ? dx : dy;
  const start = isFlat ? x0 : y0;
  const low = long < 0 ? start + long : start;
  const high = long < 0 ? start : start + long;
  const slope = long === 0 ? 0 : (isFlat ? dy : dx) / long;
  const reach = half * Math.sqrt(1 + slope * slope);
  const other = isFlat ? y0 : x0;
  const last = Math.min((isFlat ? planes.width : planes.height) - 1, Math.floor(high));
  for (let at = Math.max(0, Math.floor(low)); at <= last; at++) {
    const place = Math.min(high, Math.max(low, at + 0.5));
    stroke(planes, at, other + (place - start) * slope, reach, isFlat, color, owner, isOnTop);
  }
}

const HALF = 128;

/** One column of a flat line, or one row of a steep one: `middle` ± `reach` at `at`. */
function stroke(
  planes: Planes,
  at: number,
  middle: number,
  reach: number,
  isColumn: boolean,
  ink: number,
  run: number,
  isOnTop: boolean,
) {
  const { width, cover } = planes;
  const top = middle - reach;
  const bottom = middle + reach;
  const last = Math.min((isColumn ? planes.height : width) - 1, Math.floor(bottom));
  for (let i = Math.max(0, Math.floor(top)); i <= last; i++) {
    const share = (i + 1 < bottom ? i + 1 : bottom) - (i > top ? i : top);
    const covered = share >= 1 ? 255 : (share * 255) | 0;
    const pixel = isColumn ? i * width + at : at * width + i;
    if (covered === 0 || (covered < cover[pixel] && !(isOnTop && covered >= HALF))) continue;
    if (covered > cover[pixel]) cover[pixel] = covered;
    planes.color[pixel] = ink;
    planes.owner[pixel] = run;
  }
}

/** #rrggbb as the number a pixel of ImageData is, without its alpha. */
export function pixelOf(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return red | (green << 8) | (blue << 16);
}

/** What is seen of the planes, as the bytes of ImageData. */
export function compose(
  { cover, color }: Planes,
  colors: Uint32Array,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(cover.length);
  for (let i = 0; i < pixels.length; i++) {
    if (cover[i]) pixels[i] = colors[color[i]] | (cover[i] << 24);
  }
  return new Uint8ClampedArray(pixels.buffer);
}

/** The run nearest to a place within `reach`, or 0. */
export function ownerNear(
  { width, height, owner }: Pick<Planes, 'width' | 'height' | 'owner'>,
  x: number,
  y: number,
  reach: number,
): number {
  let best = 0;
  let least = Infinity;
  for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
    for (let column = Math.max(0, x - reach); column <= Math.min(width - 1, x + reach); column++) {
      const found = owner[row * width + column];
      const away = (column - x) ** 2 + (row - y) ** 2;
      if (found && away < least) [best, least] = [found, away];
    }
  }
  return best;
}
