import { plural } from './plural.ts';

const songs = (count: number) => plural(count, { one: '1 song', other: '# songs' });
const runs = (count: number) => plural(count, { one: '1 run', other: '# runs' });

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
  tempo: 'Tempo',
  anyTempo: 'Any',
  verdicts: {
    own: 'You said so',
    confirmed: 'Sources agree',
    single: 'One source',
    uncertain: 'Sources disagree',
    unknown: 'Not known',
  },

  beats: (tempo: string) => `${tempo}\u202fbeats/min`,
  verdict: {
    own: 'as you say',
    confirmed: 'sources agree',
    single: 'one source',
    uncertain: 'sources disagree',
  },
  noTempo: 'tempo not known',
  inStep: 'in step',
  needs: (cadence: string) => `needs ${cadence} steps`,
  steps: (cadence: string) => `${cadence}\u202fsteps/min`,
  plays: (count: number) => plural(count, { one: '1 play', other: '# plays' }),
  onRuns: (count: number) => plural(count, { one: '1 on a run', other: '# on runs' }),
  notOnRuns: 'never on a run',
  distance: 'Distance under it',
  pace: 'Pace under it',

  emptyTitle: 'No songs yet',
  emptyText:
    'Import your listening history, or add music files on the workout page: here you see what you run to.',
  emptyAction: 'Import listening history',
  toWorkout: 'Add music files',
  nothingTitle: 'No song fits these filters',

  unknown: (unknown: number, all: number) =>
    `The tempo of ${unknown} of ${songs(all)} is not known.`,
  lookingUp: 'Tempi are being looked up.',
  ask: 'Let somebody be asked',
  measure: 'Add their files',
  show: 'Show them',

  song: {
    missingTitle: 'This song is not here',
    missingText: 'It may have gone with the data it came from, or belongs to another runner.',
    back: 'All songs',
    never: 'You have not run to it yet, as far as your runs and listening history tell.',
    plays: 'Plays on runs',
    runs: (count: number) => `in ${runs(count)}`,
    distance: 'Run to it',
    pace: 'Mean pace',
    steps: 'Mean steps',
    tempo: 'Tempo',
    effect: 'What it does',
    effectOf: { speed: 'Pace', heart_rate: 'Heart rate', cadence: 'Steps', in_step: 'In step' },
    effectCause:
      'Against your average song, on the same day and at the same point of a run. Chance chose when it played, so this is what the song does.',
    effectHabit:
      'Against your average song, on the same day and at the same point of a run. You chose when it played, so this goes with the song and need not be its doing.',
    effectFrom: (plays: string) => `From ${plays}.`,
    effectNone:
      'It was not heard often enough on runs to say anything. Some ten plays on different days begin to tell.',
    allEffects: 'All insights',
    list: 'Its runs',
    listText:
      'Pace, heart rate and steps are those under the song. Heart rate follows 40 seconds late, and is read so.',
    run: 'Run',
    inRun: 'At',
    paceUnder: 'Pace',
    runPace: 'Whole run',
    heartRate: 'Heart rate',
    cadence: 'Steps',
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
};
