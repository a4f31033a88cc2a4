/** A playlist in words, and words that are typed. */

import type { Units } from '#lib/api/types.ts';
import { formatWhole } from '#lib/format/count.ts';
import { METRES } from '#lib/format/distance.ts';
import { formatPace } from '#lib/format/pace.ts';
import { t } from '#lib/i18n/index.ts';
import type { PlaylistStretch, Target } from './types.ts';

const KMH_PER_MPS = 3.6;
const words = t.playlists;

/** A new playlist's name. */
export function nameOf(target: Target, minutes: number, units: Units): string {
  switch (target.kind) {
    case 'cadence':
      return words.name.cadence(String(Math.round(target.cadence_spm)));
    case 'pace':
      return words.name.pace(formatPace(target.speed_kmh / KMH_PER_MPS, units));
    case 'zone':
      return words.name.zone(target.zone, words.zoneNames[target.zone - 1]);
    case 'plan':
      return words.name.plan(Math.round(minutes));
  }
}

/** What a playlist was made for: "for 170 steps/min". */
export function targetWords(target: Target, units: Units): string {
  switch (target.kind) {
    case 'cadence':
      return words.target.cadence(formatWhole(target.cadence_spm, t.units.cadence));
    case 'pace':
      return words.target.pace(formatPace(target.speed_kmh / KMH_PER_MPS, units));
    case 'zone':
      return words.target.zone(target.zone);
    case 'plan':
      return words.target.plan(target.blocks.length);
  }
}

/** The steps of a stretch, with how sure that is: "about 164 steps/min (158–170)". */
export function stretchWords({ cadence_spm: { value, low, high } }: PlaylistStretch): string {
  const [steps, least, most] = [value, low, high].map((spm) => String(Math.round(spm)));
  return low === high ? words.stretchExact(steps) : words.stretchRange(steps, least, most);
}

/** "5:30" for a kilometre or mile as km/h; null for what is no pace of a runner. */
export function typedPace_kmh(text: string, units: Units): number | null {
  const found = /^\s*(\d{1,2})[:.](\d{2})\s*$/.exec(text);
  if (!found || Number(found[2]) > 59) return null;
  const seconds = Number(found[1]) * 60 + Number(found[2]);
  const speed_kmh = (METRES[units] / seconds) * KMH_PER_MPS;
  return speed_kmh >= 2 && speed_kmh <= 25 ? speed_kmh : null;
}
