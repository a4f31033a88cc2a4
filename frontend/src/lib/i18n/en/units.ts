export const units = {
  km: 'km',
  mi: 'mi',
  perKm: '/km',
  perMi: '/mi',
  m: 'm',
  ft: 'ft',
  heartRate: 'bpm',
  cadence: 'steps/min',
  unknown: '–',
};
