import { runs } from './counts.ts';
import { plural } from './plural.ts';

/** A year in music and miles. */
export const year = {
  title: (year: number) => `${year} in music and miles`,
  part: 'Year',
  link: (year: number) => `${year} in music and miles`,
  earlier: (year: number) => `The year before: ${year}`,
  later: (year: number) => `The year after: ${year}`,
  keys: 'Left and right arrow keys lead to the years before and after.',
  distance: 'Distance',
  time: 'Moving time',
  runs: 'Runs',
  withMusic: 'With music',
  runCount: runs,
  before: {
    up: (share: string) => `${share} more than the year before`,
    down: (share: string) => `${share} less than the year before`,
    same: 'as in the year before',
    fresh: 'none in the year before',
  },
  noneTitle: (year: number) => `No runs in ${year}`,
  noneText: 'Nothing was run in this year, or it has not been imported.',
  otherYear: (year: number) => `Go to ${year}`,
  noRunsText: 'Import your runs, and each year gets a page like this.',
  importRuns: 'Import runs',
  map: 'Where you ran',
  openMap: 'Open the map',
  months: 'Month by month',
  monthsCaption: 'Distance in each month, and the time with music',
  month: 'Month',
  music: 'Music',
  ofMusic: (hours: string) => `${hours} with music`,
  songs: 'What you ran to most',
  songsInAll: (count: number) => plural(count, { one: '1 song in all', other: '# songs in all' }),
  artists: 'Artists',
  albums: 'Albums',
  noMusic: 'No music is known for the runs of this year.',
  discoveries: 'Heard for the first time',
  discovered: (count: number) =>
    plural(count, {
      one: '1 song that you had not played before got into your runs.',
      other: '# songs that you had not played before got into your runs.',
    }),
  noDiscoveries: 'All songs on your runs were old friends.',
  faster: 'Songs you are faster with',
  fasterText:
    'By all your runs so far, compared with your other songs in the same run. Of ten songs named like this, nine are right.',
  made: 'chance picked when it played',
  chosen: 'you picked when it played',
  noFaster:
    'No song of this year stands out from chance yet. More runs with the same songs, best shuffled, would tell.',
  insightsLink: 'What makes you run',
  effect: (value: string) => `${value} faster`,
  notable: 'Three runs',
  first: 'The first',
  longest: 'The longest',
  fastest: 'The fastest outdoors',
  to: (song: string) => `mostly to ${song}`,
  days: 'Day by day',
  streakDays: (count: number, from: string) =>
    `${plural(count, { one: '1 day', other: '# days' })} in a row, from ${from}`,
  streakWeeks: (count: number, from: string) =>
    `${plural(count, { one: '1 week', other: '# weeks' })} in a row with a run, from the week of ${from}`,
};
