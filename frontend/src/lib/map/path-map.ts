/**
 * The map of one run: its path on the ground, with labels and a cursor.
 *
 * Numbers, distance ticks and the cursor are elements of the page.
 */

import {
  Marker,
  NavigationControl,
  ScaleControl,
  type GeoJSONSource,
  type Map as MapLibre,
} from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import type { Theme } from '#lib/color/songs.ts';
import type { Streams } from '#lib/run/streams.ts';
import {
  bearingAt,
  boundsOf,
  indexPath,
  nearestPosition,
  nearestSecond,
  withoutOverlap,
  type Position,
} from './geometry.ts';
import { Ground, type GroundOptions } from './ground.ts';
import { addPathLayers, PATH_SOURCE } from './path-layers.ts';

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

export interface PathMapOptions extends Pick<
  GroundOptions,
  'theme' | 'units' | 'streetStyleUrl' | 'onfallback' | 'ongrid'
> {
  container: HTMLElement;
  streams: Streams;
  cursorElement: HTMLElement;
  texts: Record<string, string>;
  onpoint: (second: number) => void;
  onpick: (second: number) => void;
}

export class PathMap {
  readonly #ground: Ground;
  readonly #map: MapLibre;
  readonly #options: PathMapOptions;
  readonly #index;
  readonly #cursor: Marker;
  #labels: { marker: Marker; label: MapLabel }[] = [];
  #pieces: FeatureCollection = { type: 'FeatureCollection', features: [] };
  #cursor_s: number | null = null;

  constructor(options: PathMapOptions) {
    const { container, streams, units, texts } = options;
    this.#options = options;
    this.#index = indexPath(streams);
    const bounds = boundsOf(streams) ?? [
      [0, 0],
      [0, 0],
    ];
    const isTouch = matchMedia('(pointer: coarse)').matches;
    this.#ground = new Ground({
      ...options,
      settings: {
        container,
        bounds,
        fitBoundsOptions: { padding: PADDING_PX, maxZoom: CLOSEST_ZOOM },
        cooperativeGestures: isTouch,
        locale: texts,
      },
      anchorLatitude: bounds[0][1],
      ondress: (theme) => {
        addPathLayers(this.#map, this.#pieces, theme);
        this.#declutter();
      },
    });
    this.#map = this.#ground.map;
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.#map.addControl(
      new ScaleControl({ unit: units === 'mi' ? 'imperial' : 'metric' }),
      'bottom-left',
    );
    this.#cursor = new Marker({ element: options.cursorElement, rotationAlignment: 'map' });
    this.#listen(isTouch ? REACH_PX.touch : REACH_PX.mouse);
  }

  destroy() {
    this.#ground.destroy();
  }

  setTheme(theme: Theme) {
    this.#ground.setTheme(theme);
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
    map.on('mousemove', ({ lngLat }) => {
      const second = secondAt(lngLat);
      map.getCanvas().style.cursor = second === null ? '' : 'pointer';
      if (second !== null) this.#options.onpoint(second);
    });
    map.on('click', ({ lngLat }) => {
      const second = secondAt(lngLat);
      if (second !== null) this.#options.onpick(second);
    });
    map.on('moveend', () => this.#declutter());
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
}
