/** A workout may lower the runner's own ceiling, and never raises it. */
export function lowerCeiling(...ceilings_bpm: (number | null | undefined)[]): number | null {
  const known = ceilings_bpm.filter((each) => each != null);
  return known.length > 0 ? Math.min(...known) : null;
}
