/** Codes as people type and paste them: with spaces, dashes, or the whole line of a mail. */

/** The digits alone, at most so many. From more than that, the first run of exactly so many. */
export function digitsOf(text: string, count: number): string {
  const runs = text.replaceAll(/(?<=\d)[\s-]+(?=\d)/g, '').match(/\d+/g) ?? [];
  return (runs.find((run) => run.length === count) ?? runs.join('')).slice(0, count);
}
