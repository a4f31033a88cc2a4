import { plural } from './plural.ts';

/** The page of one run. */
export const run = {
  title: 'Run',
  back: 'All runs',
  earlierRun: (name: string) => `Earlier run: ${name}`,
  laterRun: (name: string) => `Later run: ${name}`,

  loading: 'Loading the run…',
  missingTitle: 'This run is not here',
  missingText: 'It may have been deleted, or it belongs to somebody else.',

  name: 'Name of the run',
  save: 'Save',
  cancel: 'Cancel',

  delete: 'Delete this run',
  deleteTitle: (name: string) => `Delete “${name}”?`,
  deleteText: (songs: string) =>
    `The run, its path, its measurements and its ${songs} will go. Your listening history stays, and so do your files: importing them again brings the run back.`,
  soundtrack: (count: number) =>
    plural(count, { one: 'soundtrack of one song', other: 'soundtrack of # songs' }),
  noSoundtrack: 'figures',
  deleteConfirm: 'Delete the run',
  keep: 'Keep it',

  at: (day: string, time: string) => `${day}, ${time}`,
  inFuture:
    'This run lies in the future: the clock of the watch was probably wrong. Songs find their place only if they were dated the same way.',
  totals: {
    distance: 'Distance',
    moving: 'Moving time',
    elapsed: (time: string) => `of ${time}`,
    pace: 'Pace',
    gradeAdjusted: (pace: string) => `${pace} flat`,
    ascent: 'Climb',
    descent: (height: string) => `${height} down`,
    heartRate: 'Heart rate',
    most: (figure: string) => `up to ${figure}`,
    cadence: 'Cadence',
    energy: 'Energy',
    between: (low: string, high: string) => `${low} to ${high}`,
  },
  about: 'About this recording',
  device: 'Recorded with',
  gear: 'Gear',
  files: 'From',
  repairs: 'What was mended',
  noRepairs: 'Nothing had to be mended.',
  otherRepair: 'A flaw in the file was mended.',

  colourBy: 'Colour by',
  colours: {
    song: 'Song',
    pace: 'Pace',
    heart_rate: 'Heart',
    cadence: 'Cadence',
    grade: 'Grade',
  },
  legend: (what: string, unit: string) => `${what}, ${unit}`,
  legendSilence: 'Silence',
  legendUnsure: 'Change uncertain',
  notMeasured: 'Standing or unknown',

  map: 'Map of the run',
  mapHelp: 'Move over the path to see what happened there; click it to pick the song.',
  noMapHelp: 'Move over the songs or the charts to see what happened there.',
  mapHelpNoSongs: 'Move over the path to see what happened there.',
  noMapHelpNoSongs: 'Move over the charts to see what happened there.',
  touchHelp: 'Slide along this strip to see what happened.',
  mapOffline: 'Street map not reachable; showing the built-in map.',
  mapBroken:
    'This browser cannot draw the map (it needs WebGL). Charts and songs show everything else.',
  grid: (side: string) => `Grid ${side}`,
  start: 'Start',
  end: 'End',
  wholeRun: 'Whole run',
  mapTexts: {
    'Map.Title': 'Map',
    'NavigationControl.ZoomIn': 'Zoom in',
    'NavigationControl.ZoomOut': 'Zoom out',
    'GeolocateControl.FindMyLocation': 'Go to where I am now',
    'GeolocateControl.LocationNotAvailable': 'Where you are cannot be found out',
    'AttributionControl.ToggleAttribution': 'Where the map comes from',
    'CooperativeGesturesHandler.WindowsHelpText': 'Hold Ctrl and scroll to zoom the map',
    'CooperativeGesturesHandler.MacHelpText': 'Hold ⌘ and scroll to zoom the map',
    'CooperativeGesturesHandler.MobileHelpText': 'Use two fingers to move the map',
  },

  timeline: 'Songs along the run',
  timelineHelp: 'Arrow keys move by a second, with Shift by ten; Enter picks the song.',
  atSecond: (time: string, song: string) => `${time}, ${song}`,

  charts: 'Charts',
  chartsHelp:
    'Drag to zoom, double click for the whole run; arrow keys move the cursor, with Shift by ten seconds.',
  chart: {
    pace: 'Pace',
    heart_rate: 'Heart rate',
    cadence: 'Cadence',
    altitude: 'Height',
    grade: 'Grade',
  },
  gradeAdjusted: 'on the flat',
  beat: 'beat',
  mean: 'mean',
  noData: 'gap',
  table: 'The same as a table',
  columns: {
    minute: 'From',
    song: 'Song',
    pace: 'Pace',
    heartRate: 'Heart rate',
    cadence: 'Cadence',
    height: 'Height',
    grade: 'Grade',
  },
  percent: '%',

  songs: 'Songs',
  songNumber: (number: number, title: string) => `Song ${number}: ${title}`,
  silence: 'Silence',
  unknownTrack: 'Unknown song',
  range: (from: string, to: string) => `${from}–${to}`,
  /** Heads of narrow columns: what, and below it the unit. */
  figures: {
    pace: 'pace',
    gradeAdjusted: 'on flat',
    heartRate: 'heart',
    cadence: 'steps',
    cadenceUnit: '/min',
    inStep: 'in step',
    distance: 'dist.',
  },
  heartRateLag: (lag: string) =>
    `Heart rate answers late, so each song’s is read ${lag} after the song.`,
  longShort: (lag: number) => plural(lag, { one: 'one second', other: '# seconds' }),
  noMusicTitle: 'No songs for this run',
  noMusicText:
    'No known play falls into it. What did you run to? Drop your Spotify export here, and every run shows its songs. Ask Spotify for the “extended streaming history” under Account › Privacy.',
  noMusicAction: 'Import listening history',
  pendingTitle: 'The songs are being matched',
  pendingText: 'This takes a moment; the page fills in by itself.',

  clock: 'Music and run out of step?',
  clockHelp: 'Move the music along the run until it fits. The map follows.',
  earlier: (step: string) => `${step} earlier`,
  later: (step: string) => `${step} later`,
  nudges: { 1: '1 s', 10: '10 s', 60: '1 min' },
  seconds: 'seconds',
  offset: {
    none: 'As recorded',
    later: (time: string) => `Music ${time} later`,
    earlier: (time: string) => `Music ${time} earlier`,
  },
  suggestion: {
    asking: 'Comparing your steps with the songs …',
    fits: (sure: number) => `Your steps fit the songs as they are (${sure} % sure).`,
    moved: (offset: string, sure: number) =>
      `Your steps fit the songs best so: ${offset} (${sure} % sure).`,
    between: (low: string, high: string) => `Likely between ${low} and ${high}.`,
    try: 'Try it',
    failed: 'Your steps could not be compared with the songs just now.',
    silence: {
      no_steps: 'This run has no steps that could tell where the music belongs.',
      few_tempi: 'Too few songs of known, different tempo for your steps to tell.',
      not_in_step: 'Your steps follow no song closely enough to tell where the music belongs.',
      not_sharp: 'Your steps follow the songs, but not sharply enough to tell by how much.',
    },
  },
  reset: 'Reset',
  unsaved: 'Not saved yet; figures are a preview.',
  confidence: {
    good: 'Well matched',
    fair: 'Roughly matched',
    poor: 'Poorly matched',
    none: 'No music',
  },
  confidenceReason: {
    no_music: () => 'Nothing was playing during this run.',
    overlapping_plays: ({ overlap_pct = 0 }) =>
      `Songs overlap for ${Math.round(overlap_pct)} % of the music: perhaps two people or two devices share the account.`,
    offline_plays: ({ offline_pct = 0 }) =>
      `${Math.round(offline_pct)} % of the music was played offline, so its times may be off. If the songs do not fit the run, shift them.`,
    coarse_times: ({ uncertainty_s = 0 }) =>
      `The listening history is only exact to about ${Math.round(uncertainty_s)} s.`,
    much_silence: ({ music_pct = 0 }) =>
      `Music for only ${Math.round(music_pct)} % of the run; plays may be missing.`,
    offset_set_by_runner: () => 'You have shifted the music by hand.',
    exact_times: ({ uncertainty_s = 0 }) =>
      uncertainty_s < 1
        ? 'The times of the songs are exact to the second.'
        : `The times of the songs are exact to about ${Math.round(uncertainty_s)} s.`,
  } as Record<string, (figures: Record<string, number>) => string>,
};
