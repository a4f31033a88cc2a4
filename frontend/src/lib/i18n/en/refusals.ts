/** Why a file was not imported, and what would help. Keys are the codes of core/refusals.py. */
export const refusals = {
  empty: 'The file is empty.',
  unknown_kind: 'Not a run or a listening history that BeatRunner can read.',
  too_large: 'The file is larger than BeatRunner accepts.',
  too_many_files: 'The archive holds more files than BeatRunner accepts.',
  too_compressed: 'The archive unpacks to far more than a real export would.',
  overlapping_entries: 'The archive is built in a way no real export is.',
  unsafe_path: 'The archive names a file outside itself.',
  encrypted: 'The archive is locked with a password. Unpack it first.',
  damaged_archive: 'The archive is damaged. Download it again.',
  nested_too_deep: 'An archive this deep inside others is not opened. Unpack it first.',
  damaged: 'The file is too damaged to read anything from it.',
  no_samples: 'The file holds no recorded points.',
  no_times: 'The file is a route without times, so no song can be matched to it.',
  too_long: 'The recording is longer than a week.',
  not_an_activity: 'The file is from a watch, but it is not an activity.',
  by_hand: 'The workout was entered by hand: nothing was recorded.',
  no_workouts: 'The health export holds no workouts.',
  in_workout: 'The route of a workout, which came in with it.',
  damaged_in_part:
    'The file is damaged in part. What could be read was taken. Export it again for the rest.',
  unsafe_xml: 'The file holds XML instructions that no watch writes.',
  no_listens: 'The file holds no plays.',
  no_music: 'The file is damaged, or of a kind whose sound cannot be read here.',
  no_time_zone: 'The times in this table name no time zone. Add a column time_zone.',
  youtube_page: 'This is YouTube’s history as a web page. Ask Google Takeout for it as “JSON”.',
  took_too_long: 'The file took too long to read.',
  took_too_much: 'The file needed more memory than BeatRunner allows.',
  newer_export: 'This export is of a newer BeatRunner. Update this one first.',
  without_heart_rate:
    'Taken without heart rate, and the file was not kept: you have not agreed to keeping heart rates (Settings, Your data).',
  rows_left_out:
    'Some rows were not as BeatRunner writes them, or belong to nothing here; they were left out.',
  zones_left_out:
    'Some zones were left out: a place that is to be shown is for you to say anew (Settings, Privacy), and there is an end to how many there may be.',
  not_by_script:
    'Left out, as a script handed it in: settings, what you told about you, zones and how long data is kept are taken from yourself alone.',
  importer_failed: 'BeatRunner failed on this file. Its log says why.',
};
