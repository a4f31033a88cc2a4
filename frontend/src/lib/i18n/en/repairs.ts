import { plural } from './plural.ts';

/** What was wrong with a file and mended. Keys are the codes of `RepairCode` in core/recording.py. */
export const repairs = {
  bad_checksum: () => 'The file’s checksum was wrong; everything readable was read.',
  bad_header: () => 'The file’s header was damaged; it was read all the same.',
  truncated: () => 'The file ends too early; everything up to there was read.',
  undefined_message: () =>
    'The file has an entry that cannot be read; everything up to there was read.',
  stray_bytes: () => 'Stray characters around the recording were ignored.',
  undeclared_prefix: () => 'A formal mistake in the file was mended.',
  malformed_xml: () => 'The file is broken in places; everything readable was read.',
  time_backwards: (count: number) =>
    plural(count, {
      one: 'The clock stepped back once; the points were put in order.',
      other: 'The clock stepped back # times; the points were put in order.',
    }),
  time_jump: (count: number) =>
    plural(count, {
      one: 'The clock jumped ahead once; the jump was taken out.',
      other: 'The clock jumped ahead # times; the jumps were taken out.',
    }),
  time_missing: (count: number) =>
    plural(count, {
      one: 'One point had no time and was left out.',
      other: '# points had no time and were left out.',
    }),
  zero_heart_rate: (count: number) =>
    plural(count, {
      one: 'One heart rate of zero was taken for “not measured”.',
      other: '# heart rates of zero were taken for “not measured”.',
    }),
  cadence_per_leg: () => 'Cadence counted one leg; it was doubled to steps per minute.',
  cadence_doubled_twice: () => 'Cadence was counted twice over; it was halved to steps per minute.',
  distance_from_path: () => 'The file has no distance; it was measured along the path.',
  distance_from_speed: () => 'The file has no distance; it was summed up from the speed.',
  distance_backwards: (count: number) =>
    plural(count, {
      one: 'The distance fell back once and was held.',
      other: 'The distance fell back # times and was held.',
    }),
  implausible_values: (count: number) =>
    plural(count, {
      one: 'One impossible value was left out.',
      other: '# impossible values were left out.',
    }),
  no_summary: () => 'The file has no summary; the totals were added up from its points.',
};
