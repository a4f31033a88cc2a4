/**
 * What lies under paths: MapLibre with an offline basemap and its grid, or with streets.
 *
 * Street styles are tried for a few seconds and given up for the offline basemap at the first sign of
 * trouble. Everything drawn by MapLibre is lines, so no glyphs are ever fetched.
 */

import {
  Map as MapLibre,
  setWorkerUrl,
  type GeoJSONSource,
  type MapOptions,
  type StyleSpecification,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import './ground.css';
import type { Theme } from '#lib/color/songs.ts';
import { loadWorld, offlineStyle, WORLD_ZOOM } from './basemap.ts';
import type { Bounds } from './geometry.ts';
import { gridLines, gridSize_m } from './grid.ts';

setWorkerUrl(workerUrl);

const STREETS_TIMEOUT_MS = 5000;

export interface GroundOptions {
  /** MapLibre's own: container, where it looks, how it is moved. */
  settings: Omit<MapOptions, 'style'>;
  theme: Theme;
  units: 'km' | 'mi';
  streetStyleUrl: string | null;
  /** Where the squares of the grid are as wide as high. */
  anchorLatitude: number;
  /** Called for each freshly loaded basemap, which has nothing on it yet. */
  ondress?: (theme: Theme) => void;
  /** Called when the basemap changes: true when streets were wanted and could not be had. */
  onfallback?: (isOffline: boolean) => void;
  /** Side of a grid square in metres, null when none is drawn. */
  ongrid?: (size_m: number | null) => void;
}

export class Ground {
  readonly map: MapLibre;
  readonly #options: GroundOptions;
  #theme: Theme;
  #hasWorld = false;
  #areStreetsShown = false;
  #streetsTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #stop = new AbortController();

  constructor(options: GroundOptions) {
    this.#options = options;
    this.#theme = options.theme;
    this.map = new MapLibre({
      attributionControl: { compact: true },
      dragRotate: false,
      pitchWithRotate: false,
      ...options.settings,
      style: offlineStyle(options.theme),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.on('style.load', () => this.#dress());
    this.map.on('moveend', () => this.#look());
    this.map.on('error', () => this.#giveUpStreets());
    this.map.on('sourcedata', (event) => {
      if (!event.tile || event.source?.type === 'geojson') return;
      clearTimeout(this.#streetsTimer);
      this.#streetsTimer = undefined;
    });
    if (options.streetStyleUrl) void this.#tryStreets(options.streetStyleUrl);
  }

  destroy() {
    this.#stop.abort();
    clearTimeout(this.#streetsTimer);
    this.map.remove();
  }

  setTheme(theme: Theme) {
    if (theme === this.#theme) return;
    this.#theme = theme;
    if (!this.#areStreetsShown) this.#setStyle(offlineStyle(theme));
  }

  #dress() {
    this.#options.ondress?.(this.#theme);
    this.#hasWorld = false;
    this.#look();
  }

  #look() {
    const { anchorLatitude, units, ongrid } = this.#options;
    const grid = this.map.getSource<GeoJSONSource>('grid');
    const size_m = grid ? gridSize_m(this.map.getZoom(), anchorLatitude, units) : null;
    ongrid?.(size_m);
    grid?.setData(
      size_m
        ? gridLines(this.#view(), size_m, anchorLatitude)
        : { type: 'FeatureCollection', features: [] },
    );
    if (!this.#hasWorld && this.map.getZoom() < WORLD_ZOOM) void this.#showWorld();
  }

  #view(): Bounds {
    const bounds = this.map.getBounds();
    const [width, height] = [
      bounds.getEast() - bounds.getWest(),
      bounds.getNorth() - bounds.getSouth(),
    ];
    return [
      [bounds.getWest() - width / 2, bounds.getSouth() - height / 2],
      [bounds.getEast() + width / 2, bounds.getNorth() + height / 2],
    ];
  }

  async #showWorld() {
    this.#hasWorld = true;
    const world = await loadWorld();
    this.map.getSource<GeoJSONSource>('world')?.setData(world);
  }

  #setStyle(style: StyleSpecification) {
    this.map.setStyle(style, { diff: false });
  }

  async #tryStreets(url: string) {
    const { signal: gone } = this.#stop;
    try {
      const signal = AbortSignal.any([gone, AbortSignal.timeout(STREETS_TIMEOUT_MS)]);
      const response = await fetch(url, { signal });
      if (!response.ok) throw new Error(`${response.status}`);
      const style = (await response.json()) as StyleSpecification;
      this.#areStreetsShown = true;
      this.#streetsTimer = setTimeout(() => this.#giveUpStreets(), STREETS_TIMEOUT_MS);
      this.#setStyle(style);
    } catch {
      if (gone.aborted) return;
      this.#areStreetsShown = false;
      this.#options.onfallback?.(true);
    }
  }

  /** Back to the offline basemap, unless some tile has already arrived. */
  #giveUpStreets() {
    if (!this.#areStreetsShown || this.#streetsTimer === undefined) return;
    clearTimeout(this.#streetsTimer);
    this.#streetsTimer = undefined;
    this.#areStreetsShown = false;
    this.#options.onfallback?.(true);
    this.#setStyle(offlineStyle(this.#theme));
  }
}
