import { songs } from './counts.ts';
import { plural } from './plural.ts';

/** Playlists: asking for one, what is to be known of it, changing it, taking it elsewhere. */
export const playlists = {
  title: 'Playlists',
  makeTitle: 'Make a playlist',
  makeText:
    'Out of your songs of known tempo, in an order in which every beat meets your steps and hardly jumps.',
  forWhat: 'Made for',
  kinds: { cadence: 'Steps', pace: 'Pace', zone: 'Heart', plan: 'Plan' },
  cadence: 'Steps a minute',
  cadenceHint: 'Count for half a minute, and double it. Most runners take 150 to 185.',
  cadenceUsual: 'What you take in your runs. A few more make them quicker.',
  pace: 'Pace',
  paceHint: 'How fast you want to run, in minutes and seconds.',
  paceUsual: 'As in your latest runs. They also say which steps you take at it.',
  paceWrong: 'Minutes and seconds, such as 5:30.',
  zone: 'Heart-rate zone',
  zoneNames: ['Very easy', 'Easy', 'Steady', 'Hard', 'All out'],
  zoneOption: (zone: number, name: string) => `${zone} – ${name}`,
  zoneHint: 'Songs for the steps you probably take in the middle of it.',
  zoneUsual: (zone: number) =>
    `Your latest runs were mostly in zone ${zone}. Songs are for the steps you take in the middle of it.`,
  minutes: 'For how long',
  minutesUnit: 'min',
  make: 'Make playlist',
  yours: 'Your playlists',
  none: 'Nothing yet. What you make is kept here.',
  songs,
  name: {
    cadence: (cadence: string) => `${cadence} steps`,
    pace: (pace: string) => `Run at ${pace}`,
    zone: (zone: number, name: string) => `${name}, zone ${zone}`,
    plan: (minutes: number) => `Plan of ${minutes} minutes`,
  },
  target: {
    cadence: (cadence: string) => `for ${cadence}`,
    pace: (pace: string) => `for a pace of ${pace}`,
    zone: (zone: number) => `for heart-rate zone ${zone}`,
    plan: (parts: number) => plural(parts, { one: 'for one part', other: 'for # parts' }),
  },
  made: (day: string) => `made ${day}`,
  missingTitle: 'This playlist is not here',
  missingText: 'It may have been deleted, or belongs to another runner.',
  back: 'All playlists',
  newName: 'Name',
  play: 'Run to it',
  playNone:
    'None of these songs is in this browser yet. Add their files on the workout page first.',
  playSome: (found: number, all: number) =>
    `${found} of ${all} songs are in this browser and queued in this order; the others are left out.`,
  playAll: (count: number) => `${songs(count)} queued in this order`,
  keepsOrder:
    'The songs come in this order, whatever the belt does. On the workout page you may pick another at any time.',
  toWorkout: 'Workout',
  delete: 'Delete',
  deleted: (name: string) => `“${name}” is deleted`,
  undo: 'Undo',
  export: 'Take it elsewhere',
  exports: {
    spotify: {
      label: 'Spotify',
      text: (known: number, all: number) =>
        known === 0
          ? 'None of these songs came with a Spotify address.'
          : `${known} of ${all} songs have a Spotify address. Open the file, copy all, and paste it into a playlist in Spotify’s desktop app.`,
    },
    m3u: {
      label: 'M3U',
      text: 'For music players. BeatRunner does not know where your files lie: they are called “Artist - Title.mp3” in it.',
    },
    csv: { label: 'CSV', text: 'For spreadsheets, with tempo, steps and length.' },
  },
  list: 'Songs in order',
  steps: (steps: string) => `${steps} steps/min`,
  noTempo: 'tempo unknown',
  offBeat: 'not in step here',
  usualLength: (length: string) => `about ${length}`,
  effect: { helps: 'helps you', hinders: 'slows you' },
  zoneEffect: { helps: 'easy on your heart', hinders: 'hard on your heart' },
  moveUp: (title: string) => `Move ${title} up`,
  moveDown: (title: string) => `Move ${title} down`,
  moved: (title: string, place: number, all: number) => `${title} is now ${place} of ${all}`,
  remove: (title: string) => `Remove ${title}`,
  removed: (title: string) => `“${title}” is taken out`,
  empty: 'No song is left in this playlist.',
  stretch: (steps: string, length: string) => `${steps} for ${length}`,
  stretchRange: (steps: string, low: string, high: string) =>
    `about ${steps} steps/min (${low}–${high})`,
  stretchExact: (steps: string) => `${steps} steps/min`,
  notes: {
    too_few_songs: (minutes: number) =>
      plural(minutes, {
        one: 'It is # minute shorter than you asked for: no more of your songs fit these steps.',
        other: 'It is # minutes shorter than you asked for: no more of your songs fit these steps.',
      }),
    too_short: (minutes: number) =>
      plural(minutes, {
        one: 'It is # minute shorter than you asked for.',
        other: 'It is # minutes shorter than you asked for.',
      }),
    tempo_unknown: (count: number) =>
      plural(count, {
        one: 'The tempo of # song in your library was not known, so it could not be considered.',
        other:
          'The tempo of # songs in your library was not known, so they could not be considered.',
      }),
    tempo_doubtful: (count: number) =>
      plural(count, {
        one: 'Sources disagree on the tempo of # song in it. Its own page settles that.',
        other: 'Sources disagree on the tempo of # songs in it. Their own pages settle that.',
      }),
    out_of_step: (count: number) =>
      plural(count, {
        one: '# song is not in step where it plays now.',
        other: '# songs are not in step where they play now.',
      }),
    cadence_guessed: (minutes: number) =>
      minutes === 0
        ? 'Which steps you take at it is a guess from other runners: none of your runs has steps yet.'
        : plural(minutes, {
            one: 'Which steps you take at it is mostly a guess: only # minute of your running says so.',
            other:
              'Which steps you take at it is mostly a guess: only # minutes of your running say so.',
          }),
    heart_guessed: () =>
      'How fast you run at such a heart rate is a rough guess, and so are your steps. Your highest and resting heart rate (Settings, About you) narrow it down.',
    short_stretches: (count: number) =>
      plural(count, {
        one: '# part is shorter than a song. Songs are not cut, so it may pass without one of its own.',
        other:
          '# parts are shorter than a song. Songs are not cut, so some parts pass without one of their own.',
      }),
    artist_again: (count: number) =>
      plural(count, {
        one: 'Once, an artist comes twice in a row: too few others fit.',
        other: 'An artist comes twice in a row # times: too few others fit.',
      }),
  },
};
