import { describe, expect, it } from 'vitest';
import { sequentialColors } from '#lib/color/scales.ts';
import type { Streams } from '#lib/run/streams.ts';
import { pathPieces, songPaint, valuePaint, withEmphasis, type Paint } from './layers.ts';

const colorOf = ({ track_id }: { track_id: string | null }) =>
  track_id === null ? '#888888' : track_id === 'a' ? '#cc4444' : '#4444cc';
const span = (
  track_id: string | null,
  start_s: number,
  end_s: number,
  start_uncertainty_s = 0,
) => ({
  track_id,
  start_s,
  end_s,
  start_uncertainty_s,
});
const straight = (length_s: number, gap: [number, number] = [0, 0]): Streams => {
  const isGap = (i: number) => i >= gap[0] && i < gap[1];
  return {
    length_s,
    columns: {
      longitude: Float64Array.from({ length: length_s }, (_, i) => (isGap(i) ? NaN : i)),
      latitude: Float64Array.from({ length: length_s }, (_, i) => (isGap(i) ? NaN : 0)),
    },
  };
};

describe('songPaint', () => {
  it('paints every second in the colour of its song, silence hollow', () => {
    const paint = songPaint([span('a', 0, 10), span(null, 10, 15), span('b', 15, 20)], colorOf, 20);
    expect(paint.map((p) => p.span)).toEqual([
      ...Array(10).fill(0),
      ...Array(5).fill(1),
      ...Array(5).fill(2),
    ]);
    expect(paint[12].isHollow).toBe(true);
    expect(paint[19].color).toBe('#4444cc');
  });

  it('fades over the seconds in doubt, and only there', () => {
    const paint = songPaint([span('a', 0, 100), span('b', 100, 200, 10)], colorOf, 200);
    expect(paint[89].color).toBe('#cc4444');
    expect(paint[110].color).toBe('#4444cc');
    expect(new Set(paint.slice(90, 110).map((p) => p.color)).size).toBe(8);
    expect(paint[99].span).toBe(0);
    expect(paint[100].span).toBe(1);
  });

  it('never fades beyond the middle of a short song', () => {
    const paint = songPaint([span('a', 0, 100), span('b', 100, 110, 60)], colorOf, 110);
    expect(paint[94].color).toBe('#cc4444');
    expect(paint[109].color).toBe('#4444cc');
  });
});

describe('withEmphasis', () => {
  const paint = songPaint([span('a', 0, 10), span('b', 10, 20)], colorOf, 20);

  it('fades all but the selected span', () => {
    const emphasised = withEmphasis(paint, 1, '#ffffff');
    expect(emphasised[15]).toBe(paint[15]);
    expect(emphasised[5].isFaded).toBe(true);
    expect(emphasised[5].color).not.toBe(paint[5].color);
  });

  it('leaves everything alone when nothing is selected', () => {
    expect(withEmphasis(paint, null, '#ffffff')).toBe(paint);
  });
});

describe('pathPieces', () => {
  const plain = (color: string): Paint => ({ color, isHollow: false, span: 0 });

  it('joins seconds of one paint and leaves no cracks between pieces', () => {
    const paint = [...Array(5).fill(plain('#111111')), ...Array(5).fill(plain('#222222'))];
    const { features } = pathPieces(straight(10), paint);
    expect(features.map((f) => f.properties.start_s)).toEqual([0, 5]);
    expect(features[0].geometry.coordinates.at(-1)).toEqual(features[1].geometry.coordinates[0]);
  });

  it('draws a gap as a gap', () => {
    const { features } = pathPieces(straight(20, [5, 12]), Array(20).fill(plain('#111111')));
    expect(features.map((f) => f.properties.isGap)).toEqual([false, true, false]);
    expect(features[1].geometry.coordinates).toEqual([
      [4, 0],
      [12, 0],
    ]);
  });

  it('is empty without positions', () => {
    expect(pathPieces({ length_s: 3, columns: {} }, []).features).toEqual([]);
  });
});

describe('valuePaint', () => {
  const scale = { low: 0, high: 24, colors: sequentialColors('light') };

  it('gives a few hundred pieces even for a nervous signal', () => {
    const nervous = Float64Array.from({ length: 7200 }, (_, i) => 12 + ((i * 7919) % 23) - 11);
    const paint = valuePaint(nervous, scale, '#888888', () => 0);
    const changes = paint.filter((p, i) => i > 0 && p.color !== paint[i - 1].color).length;
    expect(changes).toBeLessThanOrEqual(600);
  });

  it('marks gaps as hollow', () => {
    const paint = valuePaint(Float64Array.of(1, 1, 1, 1, NaN), scale, '#888888', () => 0);
    expect(paint.map((p) => p.isHollow)).toEqual([false, false, false, false, true]);
    expect(paint[0].color).toBe(scale.colors[1]);
  });
});
