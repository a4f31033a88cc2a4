import { plays, runs, songs } from './counts.ts';
import { plural } from './plural.ts';
import { spellings } from './spellings.ts';

/** The runner's songs, and the page of one. */
export const music = {
  title: 'Music',
  parts: 'Parts of your music',
  songs: 'Songs',
  count: songs,

  search: 'Search title, artist or album',
  sorts: {
    run_plays: 'Plays on runs',
    plays: 'All plays',
    tempo_bpm: 'Tempo',
    title: 'Title',
  },
  inStepWithMe: 'In step with you',
  inStepWithMySteps: (cadence: string) => `In step with your ${cadence} steps/min`,
  noCadence: 'Your usual steps are not known yet: no run has any.',
  inStepWith: 'In step with (steps/min)',
  minTempo: 'Slowest (beats/min)',
  maxTempo: 'Fastest (beats/min)',
  minPlays: 'Plays, at least',
  knownBy: 'How sure the tempo is',
  anyTempo: 'Any',
  verdicts: {
    own: 'You said so',
    confirmed: 'Sources agree',
    single: 'One source',
    uncertain: 'Sources disagree',
    unknown: 'Not known',
  },

  verdict: {
    own: 'as you say',
    confirmed: 'sources agree',
    single: 'one source',
    uncertain: 'sources disagree',
  },
  noTempo: 'tempo not known',
  inStep: 'in step',
  needs: (cadence: string) => `needs ${cadence} steps`,
  plays,
  onRuns: (count: number) => plural(count, { one: '1 on a run', other: '# on runs' }),
  notOnRuns: 'never on a run',
  distance: 'Distance under it',
  pace: 'Pace under it',

  emptyTitle: 'No songs yet',
  emptyText:
    'Import your listening history, or add music files on the workout page. Then you see what you run to, and playlists can be made of it.',
  emptyAction: 'Import listening history',
  toWorkout: 'Add music files',
  nothingTitle: 'No song fits these filters',

  groups: {
    artists: {
      title: 'Artists',
      count: (count: number) => plural(count, { one: '1 artist', other: '# artists' }),
      search: 'Search artists',
      nothing: (words: string) => `No artist is called “${words}”`,
      all: 'All artists',
    },
    albums: {
      title: 'Albums',
      count: (count: number) => plural(count, { one: '1 album', other: '# albums' }),
      search: 'Search album or artist',
      nothing: (words: string) => `No album or artist is called “${words}”`,
      all: 'All albums',
    },
    nothingText: 'Try fewer letters.',
    sorts: { run_time: 'Time run to', plays: 'All plays', name: 'Name' },
    runFor: (time: string) => `${time} of running`,
    allArtists: 'All artists',
    allAlbums: 'All albums',
    ranTo: (time: string, distance: string, pace: string) =>
      `${time} of running, ${distance}, at ${pace} on the whole.`,
    neverRanTo: 'You have not run to it yet.',
  },

  unknown: (unknown: number, all: number) =>
    `The tempo of ${unknown} of ${songs(all)} is not known.`,
  lookingUp: 'Tempi are being looked up.',
  ask: 'Ask a service',
  measure: 'Add their files',
  show: 'Show them',

  song: {
    missingTitle: 'This song is not here',
    missingText: 'It may have gone with the data it came from, or belongs to another runner.',
    back: 'All songs',
    never: 'You have not run to it yet, as far as your runs and listening history tell.',
    plays: 'Plays on runs',
    runs: (count: number) => `in ${runs(count)}`,
    distance: 'Distance',
    pace: 'Mean pace',
    steps: 'Mean steps',
    tempo: 'Tempo',
    effect: 'How you run to it',
    effectOf: { speed: 'Pace', heart_rate: 'Heart rate', cadence: 'Steps', in_step: 'In step' },
    effectCause:
      'Against your average song, on the same day and at the same point of a run. Chance chose when it played, so this is what the song does.',
    effectHabit:
      'Against your average song, on the same day and at the same point of a run. You chose when it played, so this goes with the song and need not be its doing.',
    effectFrom: (plays: string) => `From ${plays}.`,
    effectNone:
      'You have not run to it often enough to say anything. About ten plays on different days begin to tell.',
    allEffects: 'All insights',
    list: 'Its runs',
    listText:
      'Pace, heart rate and steps are those under the song. Heart rate follows 40 seconds late, and is read so.',
    run: 'Run',
    inRun: 'At',
    paceUnder: 'Pace',
    runPace: 'Whole run',
    heartRate: 'Heart rate (bpm)',
    cadence: 'Steps/min',
    inStep: 'In step',
    match: {
      half: (cadence: string, mine: string) =>
        `In step with your usual ${mine} steps a minute, at one step every other beat: ${cadence}.`,
      one: (cadence: string, mine: string) =>
        `In step with your usual ${mine} steps a minute, at one step a beat: ${cadence}.`,
      two: (cadence: string, mine: string) =>
        `In step with your usual ${mine} steps a minute, at two steps a beat: ${cadence}.`,
      not: (cadence: string, mine: string) =>
        `To be in step you would take ${cadence} steps a minute; you usually take ${mine}.`,
    },
  },

  spellings,

  /** The tempo of one song, and who says so. */
  evidence: {
    open: (tempo: string, title: string) => `${tempo}, tempo of ${title}`,
    title: (title: string) => `Tempo of ${title}`,
    correct: 'Correct it',
    nobody: 'Nobody has said the tempo of this song yet.',
    verdict: {
      own: 'as you say.',
      confirmed: 'as at least two sources say.',
      single: 'as one source says.',
      uncertain: 'but sources disagree.',
    },
    source: 'Who',
    said: 'Against ours',
    counts: 'counts',
    agrees: 'agrees',
    disagrees: 'disagrees',
    unknown: 'did not know',
    sources: {
      manual: 'Typed by you',
      tap: 'Tapped by you',
      tag: 'The file’s own tag',
      analysis: 'Measured in your file',
      generated: 'Made at this tempo',
      reccobeats: 'ReccoBeats',
      deezer: 'Deezer',
    },
    otherSource: 'Another source',
    type: 'Your own, in beats a minute',
    tap: 'Tap the beat',
    useTapped: (tempo: string, plusMinus: string) => `Use ${tempo} ± ${plusMinus}`,
    half: 'Half of it',
    double: 'Twice as fast',
    forget: 'Forget my word',
    note: 'Your own word counts above all others. Half and double agree here, as steps do with both. Insights follow within a minute.',
  },

  /** On the page of settings. */
  sources: {
    title: 'Tempo of your songs',
    known: (known: number, all: number) => `The tempo of ${known} of ${songs(all)} is known.`,
    how: (own: number, confirmed: number, single: number, uncertain: number) =>
      [
        own ? `${own} by you` : '',
        confirmed ? `${confirmed} by sources that agree` : '',
        single ? `${single} by one source` : '',
        uncertain ? `${uncertain} uncertain` : '',
      ]
        .filter(Boolean)
        .join(', ') || 'Type or tap some, or ask a service.',
    text: 'Nobody outside is asked until you say so.',
    ask: (title: string) => `Ask ${title}`,
    sends: 'What leaves this computer:',
    asked: (asked: number, all: number) => `Asked about ${asked} of ${songs(all)}.`,
    rests: 'It does not answer now, and is asked again later.',
  },
};
