import { describe, expect, it } from 'vitest';
import { readAtlas, writeAtlas } from './address.ts';
import { barsOf, dayNumber, dayText } from './days.ts';
import type { ToldRun } from './decode.ts';
import {
  boxOf,
  dragged,
  fitted,
  mostRunPlace,
  positionOf,
  scaleAt,
  zoomed,
  type Box,
} from './view.ts';

describe('view', () => {
  it('shows all of a box with a margin', () => {
    const view = fitted([0.4, 0.4, 0.5, 0.42], 1064, 564);
    expect(view.x).toBeCloseTo(0.45);
    expect(view.y).toBeCloseTo(0.41);
    expect(scaleAt(view.zoom) * 0.1).toBeCloseTo(1000);
  });

  it('keeps the place under the pointer while zooming', () => {
    const view = { x: 0.5, y: 0.5, zoom: 10 };
    const near = zoomed(view, 1, 100, -50);
    const place = (of: typeof view) => [
      of.x + 100 / scaleAt(of.zoom),
      of.y - 50 / scaleAt(of.zoom),
    ];
    expect(place(near)[0]).toBeCloseTo(place(view)[0], 12);
    expect(place(near)[1]).toBeCloseTo(place(view)[1], 12);
  });

  it('stays in the world', () => {
    expect(dragged({ x: 0, y: 1, zoom: 3 }, 500, -500)).toEqual({ x: 0, y: 1, zoom: 3 });
    expect(zoomed({ x: 0.5, y: 0.5, zoom: 17.5 }, 9).zoom).toBe(18);
  });

  it('begins where most runs are', () => {
    const at = (x: number): Box => [x, 0.3, x + 1e-5, 0.30001];
    expect(mostRunPlace([at(0.1), at(0.7), at(0.70002)])?.[0]).toBe(0.7);
    expect(mostRunPlace([])).toBeNull();
    expect(boxOf([at(0.1), at(0.7)])).toEqual([0.1, 0.3, 0.7 + 1e-5, 0.30001]);
  });

  it('knows where on earth it looks', () => {
    expect(positionOf({ x: 0.5, y: 0.5 })).toEqual([0, 0]);
  });
});

describe('address', () => {
  it('keeps all that is looked at', () => {
    const words = 'from=2025-01-01&to=2025-03-31&colour=pace&song=a&run=b';
    const query = new URLSearchParams(`lat=52.50000&lon=13.40000&zoom=12.50&${words}`);
    expect(writeAtlas(readAtlas(query)).toString()).toBe(query.toString());
  });

  it('ignores what cannot be read', () => {
    const query = new URLSearchParams('lat=99&lon=1&zoom=3&from=2025-99-99&colour=taste');
    expect(writeAtlas(readAtlas(query)).toString()).toBe('');
  });
});

describe('days', () => {
  it('are those of the wrist', () => {
    const run = (started_s: number, utc_offset_s: number | null): ToldRun => [
      '',
      '',
      started_s,
      utc_offset_s,
      1000,
      3,
    ];
    const evening = Date.parse('2026-03-01T23:30:00Z') / 1000;
    const bars = barsOf([run(evening, 3600), run(evening, null)]);
    expect(bars && [dayText(bars.first), dayText(bars.last)]).toEqual(['2026-03-01', '2026-03-02']);
    expect(bars?.metres).toEqual([1000, 1000]);
    expect(barsOf([])).toBeNull();
    expect(dayText(dayNumber('2024-02-29'))).toBe('2024-02-29');
  });
});
