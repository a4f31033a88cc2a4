/** A run's path, small: from an encoded polyline to the `d` of an SVG path. */

/** Google's encoded polyline, precision 5: [latitude, longitude] in degrees. */
export function decodePolyline(text: string): [number, number][] {
  const points: [number, number][] = [];
  let at = 0;
  const next = () => {
    let value = 0;
    let shift = 0;
    for (;;) {
      const chunk = text.charCodeAt(at++) - 63;
      if (!(chunk >= 0)) return NaN;
      value |= (chunk & 31) << shift;
      if (chunk < 32) return value & 1 ? ~(value >> 1) : value >> 1;
      shift += 5;
    }
  };
  let latitude = 0;
  let longitude = 0;
  while (at < text.length) {
    latitude += next();
    longitude += next();
    if (Number.isNaN(longitude)) break;
    points.push([latitude / 1e5, longitude / 1e5]);
  }
  return points;
}

/** About 20 m: a watch that stood still draws no path. */
const LEAST_DEG = 0.0002;

/** The path fitted into a square of `size` with a margin, north up, shapes kept. "" when it goes nowhere. */
export function thumbnailPath(polyline: string, size: number, margin: number): string {
  const points = decodePolyline(polyline);
  if (points.length < 2) return '';
  const [first] = points;
  const squeeze = Math.cos((first[0] * Math.PI) / 180);
  // Around the date line a path stays whole when longitudes are counted from its start.
  const flat = points.map(([latitude, longitude]) => [
    (((longitude - first[1] + 540) % 360) - 180) * squeeze,
    -latitude,
  ]);
  const low = [0, 1].map((axis) => Math.min(...flat.map((point) => point[axis])));
  const high = [0, 1].map((axis) => Math.max(...flat.map((point) => point[axis])));
  const extent = Math.max(high[0] - low[0], high[1] - low[1]);
  if (extent < LEAST_DEG) return '';
  const scale = (size - 2 * margin) / extent;
  const place = (value: number, axis: number) =>
    (size / 2 + (value - (low[axis] + high[axis]) / 2) * scale).toFixed(1);
  return 'M' + flat.map(([x, y]) => `${place(x, 0)} ${place(y, 1)}`).join('L');
}
