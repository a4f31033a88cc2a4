/** The speed of a belt, as its console shows it. Distances of runs have pace instead. */

import type { Units } from '#lib/api/types.ts';
import { t } from '#lib/i18n/index.ts';
import { METRES } from './distance.ts';

export const speedUnit = (units: Units): string => (units === 'mi' ? t.units.mph : t.units.kmh);

/** The belt's km/h in the runner's own unit, and back. */
export const shownSpeed = (speed_kmh: number, units: Units): number =>
  (speed_kmh * METRES.km) / METRES[units];
export const speedOf_kmh = (shown: number, units: Units): number =>
  (shown * METRES[units]) / METRES.km;

/** "9.8"; a dash when it is not known. */
export const speedFigure = (speed_kmh: number | null | undefined, units: Units): string =>
  speed_kmh == null || Number.isNaN(speed_kmh)
    ? t.units.unknown
    : shownSpeed(speed_kmh, units).toFixed(1);

/** "9.8 km/h" */
export const formatSpeed = (speed_kmh: number | null | undefined, units: Units): string =>
  `${speedFigure(speed_kmh, units)}\u202f${speedUnit(units)}`;
