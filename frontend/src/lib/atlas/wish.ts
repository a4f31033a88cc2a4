/** What to paint for a view, and what lies where in the picture. */

import { mix } from '#lib/color/oklch.ts';
import type { Scale } from '#lib/color/scales.ts';
import { silenceColor, songPalette, type Theme } from '#lib/color/songs.ts';
import { LAND } from '#lib/map/basemap.ts';
import type { Picture, Wish } from './painting.ts';
import { ownerNear } from './raster.ts';
import { scaleAt, type View } from './view.ts';

/** What is seen of the map, in pixels of the page. */
export interface Screen {
  width_px: number;
  height_px: number;
  /** Device pixels to one of them. */
  ratio: number;
}

/** What shall stand out, and how. */
export interface Shown extends Pick<Wish, 'days' | 'mode' | 'track' | 'artist' | 'run'> {
  pace: Scale | null;
  theme: Theme;
}

/** Of what is seen, painted beyond it on each side. */
export const MARGIN = 0.25;
const QUIET_SHARE: Record<Theme, number> = { light: 0.45, dark: 0.6 };
const STRONG: Record<Theme, string> = { light: '#101216', dark: '#ffffff' };

/** Half the width of a line in pixels of the page: thin where there are many. */
const halfAt = (zoom: number) => Math.min(1.5, Math.max(0.6, 0.6 + (zoom - 11) * 0.2));

export function wishFor({ x, y, zoom }: View, screen: Screen, shown: Shown): Wish {
  const { days, mode, pace, theme, track, artist, run } = shown;
  const seen = [screen.width_px, screen.height_px].map((size) => size * screen.ratio);
  const [right, down] = seen.map((size) => Math.round(size * MARGIN));
  const [width, height] = seen.map((size) => Math.round(size * (1 + 2 * MARGIN)));
  const scale = scaleAt(zoom) * screen.ratio;
  const quiet = mix(silenceColor(theme), LAND[theme], QUIET_SHARE[theme]);
  return {
    width,
    height,
    half_px: screen.ratio * halfAt(zoom),
    left: x - width / 2 / scale,
    top: y - height / 2 / scale,
    scale,
    seen: [right, down, width - right, height - down],
    days,
    mode,
    songColors: songPalette(theme),
    paceColors: pace?.colors ?? [quiet],
    quiet,
    strong: STRONG[theme],
    pace: pace ?? { low: 0, high: 1 },
    track,
    artist,
    run,
  };
}

/**
 * Place of the run within `reach_px` of a place on the screen (pixels from its upper left corner), or
 * null. The view may have moved since the picture was painted.
 */
export function runAt(
  [right_px, down_px]: [number, number],
  view: View,
  screen: Screen,
  { left, top, scale, width, height }: Wish,
  { owner }: Pick<Picture, 'owner'>,
  reach_px: number,
): number | null {
  const grown = scale / scaleAt(view.zoom);
  const found = ownerNear(
    { width, height, owner },
    Math.round((view.x - left) * scale + (right_px - screen.width_px / 2) * grown),
    Math.round((view.y - top) * scale + (down_px - screen.height_px / 2) * grown),
    Math.round(reach_px * screen.ratio),
  );
  return found > 0 ? found - 1 : null;
}
