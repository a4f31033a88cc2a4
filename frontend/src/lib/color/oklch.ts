/**
 * OKLCH to sRGB and contrast, for colours that a canvas or a map needs as numbers.
 *
 * Lightness and chroma as in CSS `oklch()`: L 0..1, C 0..~0.37, hue in degrees. Matrices are those of
 * Björn Ottosson's OKLab definition, as also used by CSS Color 4.
 */

export interface Oklch {
  l: number;
  c: number;
  h: number;
}

type Triple = [number, number, number];

function toLinear({ l, c, h }: Oklch): Triple {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const l3 = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m3 = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s3 = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
    -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
    -0.0041960863 * l3 - 0.7034186147 * m3 + 1.707614701 * s3,
  ];
}

const inGamut = (rgb: Triple) => rgb.every((x) => x >= -1e-4 && x <= 1 + 1e-4);

/** The colour as #rrggbb, with chroma (never lightness or hue) reduced until sRGB can show it. */
export function toHex(color: Oklch): string {
  let low = 0;
  let high = color.c;
  if (!inGamut(toLinear(color))) {
    for (let i = 0; i < 20; i++) {
      const c = (low + high) / 2;
      if (inGamut(toLinear({ ...color, c }))) low = c;
      else high = c;
    }
  } else {
    low = high;
  }
  const channel = (x: number) => {
    const clamped = Math.min(1, Math.max(0, x));
    const encoded = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return (
    '#' +
    toLinear({ ...color, c: low })
      .map(channel)
      .join('')
  );
}

function fromHex(hex: string): Triple {
  return [1, 3, 5].map((at) => {
    const x = parseInt(hex.slice(at, at + 2), 16) / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

/** OKLab coordinates of #rrggbb; the distance between two is what the eye sees as difference. */
export function toOklab(hex: string): Triple {
  const [r, g, b] = fromHex(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** A colour `share` of the way from one to the other, straight through OKLab. */
export function mix(from: string, to: string, share: number): string {
  const a = toOklab(from);
  const b = toOklab(to);
  const [l, x, y] = a.map((value, i) => value + (b[i] - value) * share);
  return toHex({ l, c: Math.hypot(x, y), h: (Math.atan2(y, x) * 180) / Math.PI });
}

/** Contrast ratio of two colours after WCAG 2.2. */
export function contrast(one: string, other: string): number {
  const luminance = (hex: string) => {
    const [r, g, b] = fromHex(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
