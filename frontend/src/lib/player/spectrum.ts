/** Fourier's transform of a stretch of sound, by halves (Cooley and Tukey), for powers of two. */

interface Plan {
  /** Where each value goes before the first step: its number with the bits turned round. */
  order: Uint32Array;
  cos: Float64Array;
  sin: Float64Array;
  re: Float64Array;
  im: Float64Array;
}

const plans = new Map<number, Plan>();

function planOf(size: number): Plan {
  const known = plans.get(size);
  if (known) return known;
  const order = new Uint32Array(size);
  for (let i = 1; i < size; i++) order[i] = (order[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0);
  const angles = Float64Array.from({ length: size / 2 }, (_, i) => (-2 * Math.PI * i) / size);
  const plan = {
    order,
    cos: angles.map(Math.cos),
    sin: angles.map(Math.sin),
    re: new Float64Array(size),
    im: new Float64Array(size),
  };
  plans.set(size, plan);
  return plan;
}

/** Power at 0 to half of the window's length, of the sound from `from` on seen through the window. */
export function powerSpectrum(
  window: readonly number[],
  sound: Float32Array,
  from: number,
): Float64Array {
  const size = window.length;
  const { order, cos, sin, re, im } = planOf(size);
  for (let i = 0; i < size; i++) re[order[i]] = sound[from + i] * window[i];
  im.fill(0);
  for (let half = 1; half < size; half *= 2) {
    const step = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let i = 0; i < half; i++) {
        const a = start + i;
        const b = a + half;
        const x = re[b] * cos[i * step] - im[b] * sin[i * step];
        const y = re[b] * sin[i * step] + im[b] * cos[i * step];
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  }
  const power = new Float64Array(size / 2 + 1);
  for (let bin = 0; bin < power.length; bin++) power[bin] = re[bin] ** 2 + im[bin] ** 2;
  return power;
}
