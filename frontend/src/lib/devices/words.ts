/** Devices in words. */

import type { Device, TreadmillCalibration, Units } from '#lib/api/types.ts';
import { shownSpeed, speedUnit } from '#lib/format/speed.ts';
import { locale, t } from '#lib/i18n/index.ts';
import type { IconName } from '#lib/ui/icons.ts';

export const KIND_ICONS: Record<Device['kind'], IconName> = {
  bridge: 'bridge',
  treadmill: 'treadmill',
  heart_rate: 'heart',
  foot_pod: 'shoe',
};

const figure = (value: number, digits = 1) =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);

/** "12.5" km/h or "7.8" mph, without needless digits. */
const speedFigure = (speed_kmh: number, units: Units, digits = 1): string =>
  figure(shownSpeed(speed_kmh, units), digits);

/** "0.8–16 km/h, incline 0 to 12 %" */
export function limitsWords(limits: Device['limits'], units: Units): string {
  if (limits === null) return t.devices.limitsUnknown;
  const speeds = t.devices.limits(
    speedFigure(limits.min_speed_kmh, units),
    `${speedFigure(limits.max_speed_kmh, units)}\u202f${speedUnit(units)}`,
  );
  const { min_incline_pct: least, max_incline_pct: most } = limits;
  const incline =
    least === most
      ? t.devices.noIncline
      : t.devices.limitsIncline(figure(least).replace('-', '−'), figure(most));
  return `${speeds}, ${incline}`;
}

/** The figures of a calibration, each with its name. */
export function calibrationWords(
  calibration: TreadmillCalibration,
  units: Units,
): [string, string][] {
  const unit = speedUnit(units);
  const speed = (value: number) => speedFigure(value, units, 2);
  const names = t.devices.figures;
  return [
    [names.lag, `${figure(calibration.lag_s)}\u202f${t.units.seconds}`],
    [names.rampUp, `${speed(calibration.ramp_up_kmh_s)}\u202f${t.devices.perSecond(unit)}`],
    [names.rampDown, `${speed(calibration.ramp_down_kmh_s)}\u202f${t.devices.perSecond(unit)}`],
    [names.overshoot, `${speed(calibration.overshoot_kmh)}\u202f${unit}`],
    [names.step, `${speed(calibration.speed_step_kmh)}\u202f${unit}`],
  ];
}

/** What starts a paired bridge on its computer. */
export const BRIDGE_COMMAND = 'beatrunner bridge';

/** What starts server and bridge together, on one computer. */
export const SERVE_COMMAND = 'beatrunner serve --bridge';

/** What pairs one; `origin` is this page's. */
export const bridgeCommand = (origin: string, code: string): string =>
  `${BRIDGE_COMMAND} --server ${origin} --code ${code}`;

/** Whether a page of this host can be reached from this computer alone. */
export const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
