import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, toHex } from './color/oklch.ts';

type Theme = 'light' | 'dark';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** A colour of tokens.css in one theme, as #rrggbb. */
function token(name: string, theme: Theme): string {
  const color = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g;
  const line = css.match(new RegExp(`--${name}: light-dark\\((.*)\\);`))?.[1] ?? '';
  const [light, dark] = [...line.matchAll(color)].map(([, l, c, h]) =>
    toHex({ l: Number(l), c: Number(c), h: Number(h) }),
  );
  return theme === 'light' ? light : dark;
}

const TEXT = 4.5;
const GRAPHICS = 3;

describe.each<Theme>(['light', 'dark'])('contrast in the %s theme', (theme) => {
  const ratio = (one: string, other: string) => contrast(token(one, theme), token(other, theme));

  it.each(['text', 'muted', 'accent-text', 'good', 'warn', 'danger'])('of %s as text', (name) => {
    for (const ground of ['background', 'surface', 'hover']) {
      expect(ratio(name, ground), ground).toBeGreaterThanOrEqual(TEXT);
    }
  });

  it('of text on the accent and on its soft form', () => {
    expect(ratio('on-accent', 'accent')).toBeGreaterThanOrEqual(TEXT);
    expect(ratio('text', 'accent-soft')).toBeGreaterThanOrEqual(TEXT);
  });

  it('of lines that carry meaning', () => {
    for (const ground of ['background', 'surface']) {
      expect(ratio('accent', ground), ground).toBeGreaterThanOrEqual(GRAPHICS);
      expect(ratio('line-strong', ground), ground).toBeGreaterThanOrEqual(GRAPHICS);
    }
  });
});
