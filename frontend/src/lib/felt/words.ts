/** Satisfaction in words. */

import type { Satisfaction } from '#lib/api/types.ts';
import { t } from '#lib/i18n/index.ts';

/** With fewer answers, a share of a hundred would sound surer than it is. */
const FEW = 10;

type Group = Satisfaction['driven'];

export const toldOf = ({ too_easy, right, too_hard }: Group): number => too_easy + right + too_hard;

/** "3 of 4 felt right so far", or with more answers "78 % felt right" and its range. */
export function shareWords(group: Group): { text: string; range: string } {
  const words = t.felt;
  const told = toldOf(group);
  if (!group.right_pct) return { text: words.none, range: '' };
  if (told < FEW) return { text: words.few(group.right, told), range: '' };
  const [share, low, high] = [group.right_pct.value, group.right_pct.low, group.right_pct.high].map(
    (pct) => pct.toFixed(0),
  );
  return { text: words.share(share), range: words.range(low, high) };
}
