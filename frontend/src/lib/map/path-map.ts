/**
 * The map itself: MapLibre with an offline or street basemap, and the run's path on top.
 *
 * Everything drawn by MapLibre is lines; numbers, distance ticks and the cursor are elements of the
 * page, so no glyphs are ever fetched. Street styles are tried for a few seconds and given up for the
 * offline basemap at the first sign of trouble.
 */

import {
  Map as MapLibre,
  Marker,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type StyleSpecification,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { FeatureCollection } from 'geojson';
import type { Theme } from '#lib/color/songs.ts';
import type { Streams } from '#lib/run/streams.ts';
import { loadWorld, offlineStyle, WORLD_ZOOM } from './basemap.ts';
import {
  bearingAt,
  boundsOf,
  indexPath,
  nearestPosition,
  nearestSecond,
  withoutOverlap,
  type Bounds,
  type Position,
} from './geometry.ts';
import { gridLines, gridSize_m } from './grid.ts';
import { addPathLayers, PATH_SOURCE } from './path-layers.ts';

setWorkerUrl(workerUrl);

const STREETS_TIMEOUT_MS = 5000;
const REACH_PX = { mouse: 24, touch: 36 };
const LABEL_PX = 22;
const DISTANCE_MARK_ZOOM = 13;
const PADDING_PX = 40;
/** Closest zoom when fitting: a treadmill-sized wiggle should not fill the screen. */
const CLOSEST_ZOOM = 17;

export interface MapLabel {
  element: HTMLElement;
  position: Position;
  kind: 'start' | 'end' | 'song' | 'distance';
  /** How far from its position it stands, for a label that would cover another. */
  offset_px?: [number, number];
}

export interface PathMapOptions {
  container: HTMLElement;
  streams: Streams;
  theme: Theme;
  units: 'km' | 'mi';
  streetStyleUrl: string | null;
  cursorElement: HTMLElement;
  texts: Record<string, string>;
  onpoint: (second: number) => void;
  onpick: (second: number) => void;
  /** Called when the basemap changes: true when streets were wanted and could not be had. */
  onfallback: (isOffline: boolean) => void;
  /** Side of a grid square in metres, null when none is drawn. */
  ongrid: (size_m: number | null) => void;
}

export class PathMap {
  readonly #map: MapLibre;
  readonly #options: PathMapOptions;
  readonly #index;
  readonly #anchorLatitude: number;
  readonly #cursor: Marker;
  #labels: { marker: Marker; label: MapLabel }[] = [];
  #pieces: FeatureCollection = { type: 'FeatureCollection', features: [] };
  #theme: Theme;
  #cursor_s: number | null = null;
  #hasWorld = false;
  #areStreetsShown = false;
  #streetsTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PathMapOptions) {
    const { container, streams, theme, units, texts } = options;
    this.#options = options;
    this.#theme = theme;
    this.#index = indexPath(streams);
    const bounds = boundsOf(streams) ?? [
      [0, 0],
      [0, 0],
    ];
    this.#anchorLatitude = bounds[0][1];
    const isTouch = matchMedia('(pointer: coarse)').matches;
    this.#map = new MapLibre({
      container,
      style: offlineStyle(theme),
      bounds,
      fitBoundsOptions: { padding: PADDING_PX, maxZoom: CLOSEST_ZOOM },
      cooperativeGestures: isTouch,
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: { compact: true },
      locale: texts,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.#map.addControl(
      new ScaleControl({ unit: units === 'mi' ? 'imperial' : 'metric' }),
      'bottom-left',
    );
    this.#cursor = new Marker({ element: options.cursorElement, rotationAlignment: 'map' });
    this.#listen(isTouch ? REACH_PX.touch : REACH_PX.mouse);
    if (options.streetStyleUrl) void this.#tryStreets(options.streetStyleUrl);
  }

  destroy() {
    clearTimeout(this.#streetsTimer);
    this.#map.remove();
  }

  setTheme(theme: Theme) {
    if (theme === this.#theme) return;
    this.#theme = theme;
    if (!this.#areStreetsShown) this.#setStyle(offlineStyle(theme));
  }

  setPieces(pieces: FeatureCollection) {
    this.#pieces = pieces;
    this.#map.getSource<GeoJSONSource>(PATH_SOURCE)?.setData(pieces);
  }

  setCursor(second: number | null) {
    this.#cursor_s = second;
    const { streams, cursorElement } = this.#options;
    const position = second === null ? null : nearestPosition(streams, second);
    if (second === null || !position) {
      this.#cursor.remove();
      return;
    }
    const bearing = bearingAt(streams, second);
    cursorElement.dataset.standing = String(bearing === null);
    this.#cursor.setLngLat(position).setRotation(bearing ?? 0);
    this.#cursor.addTo(this.#map);
  }

  /** Labels in order of importance: where two would touch, the later one is hidden. */
  setLabels(labels: MapLabel[]) {
    for (const { marker } of this.#labels) marker.remove();
    this.#labels = labels.map((label) => ({
      label,
      marker: new Marker({ element: label.element, offset: label.offset_px })
        .setLngLat(label.position)
        .addTo(this.#map),
    }));
    this.#declutter();
  }

  fit(from_s?: number, to_s?: number) {
    const bounds = boundsOf(this.#options.streams, from_s, to_s);
    if (!bounds) return;
    this.#map.fitBounds(bounds, { padding: PADDING_PX, maxZoom: CLOSEST_ZOOM, duration: 150 });
  }

  #listen(reach_px: number) {
    const map = this.#map;
    const secondAt = (point: { lng: number; lat: number }) =>
      nearestSecond(this.#index, [point.lng, point.lat], map.getZoom(), reach_px, this.#cursor_s);
    map.on('style.load', () => this.#dress());
    map.on('mousemove', ({ lngLat }) => {
      const second = secondAt(lngLat);
      map.getCanvas().style.cursor = second === null ? '' : 'pointer';
      if (second !== null) this.#options.onpoint(second);
    });
    map.on('click', ({ lngLat }) => {
      const second = secondAt(lngLat);
      if (second !== null) this.#options.onpick(second);
    });
    map.on('moveend', () => this.#look());
    map.on('error', () => this.#giveUpStreets());
    map.on('sourcedata', (event) => {
      if (!event.tile || event.sourceId === PATH_SOURCE) return;
      clearTimeout(this.#streetsTimer);
      this.#streetsTimer = undefined;
    });
  }

  /** Puts the path on a freshly loaded basemap. */
  #dress() {
    addPathLayers(this.#map, this.#pieces, this.#theme);
    this.#hasWorld = false;
    this.#look();
  }

  #look() {
    this.#declutter();
    const grid = this.#map.getSource<GeoJSONSource>('grid');
    const size_m = grid
      ? gridSize_m(this.#map.getZoom(), this.#anchorLatitude, this.#options.units)
      : null;
    this.#options.ongrid(size_m);
    grid?.setData(
      size_m
        ? gridLines(this.#view(), size_m, this.#anchorLatitude)
        : { type: 'FeatureCollection', features: [] },
    );
    if (!this.#hasWorld && this.#map.getZoom() < WORLD_ZOOM) void this.#showWorld();
  }

  #view(): Bounds {
    const bounds = this.#map.getBounds();
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
    this.#map.getSource<GeoJSONSource>('world')?.setData(world);
  }

  #declutter() {
    const showDistances = this.#map.getZoom() >= DISTANCE_MARK_ZOOM;
    const candidates = this.#labels.filter(
      ({ label }) => label.kind !== 'distance' || showDistances,
    );
    const isFree = withoutOverlap(
      candidates.map(({ label }) => {
        const { x, y } = this.#map.project(label.position);
        const [right, down] = label.offset_px ?? [0, 0];
        return { x: x + right, y: y + down };
      }),
      LABEL_PX,
    );
    for (const { label } of this.#labels) label.element.style.visibility = 'hidden';
    candidates.forEach(({ label }, i) => {
      label.element.style.visibility = isFree[i] ? '' : 'hidden';
    });
    // On a loop the start stands for the end too.
    const isShared = candidates.some(({ label }, i) => label.kind === 'end' && !isFree[i]);
    for (const { label } of candidates) {
      if (label.kind === 'start') label.element.dataset.shared = String(isShared);
    }
  }

  #setStyle(style: StyleSpecification) {
    this.#map.setStyle(style, { diff: false });
  }

  async #tryStreets(url: string) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(STREETS_TIMEOUT_MS) });
      if (!response.ok) throw new Error(`${response.status}`);
      const style = (await response.json()) as StyleSpecification;
      this.#areStreetsShown = true;
      this.#streetsTimer = setTimeout(() => this.#giveUpStreets(), STREETS_TIMEOUT_MS);
      this.#setStyle(style);
    } catch {
      this.#areStreetsShown = false;
      this.#options.onfallback(true);
    }
  }

  /** Back to the offline basemap, unless some tile has already arrived. */
  #giveUpStreets() {
    if (!this.#areStreetsShown || this.#streetsTimer === undefined) return;
    clearTimeout(this.#streetsTimer);
    this.#streetsTimer = undefined;
    this.#areStreetsShown = false;
    this.#options.onfallback(true);
    this.#setStyle(offlineStyle(this.#theme));
  }
}
