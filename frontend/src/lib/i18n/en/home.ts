import { runs } from './counts.ts';
import { plural } from './plural.ts';

export const home = {
  title: 'Home',
  steps: {
    title: 'Before you start',
    profile: {
      title: 'Tell about yourself',
      text: 'Your age and weight make zones and loads yours. You may leave them out.',
    },
    privacy: {
      title: 'Decide what is kept',
      text: 'Your heart rate is kept only if you agree to it.',
    },
    zones: {
      title: 'Hide where you live',
      text: 'Before you share a run: draw a circle that nobody sees into.',
    },
    security: {
      title: 'Secure your account',
      text: 'A passkey, or a code from your phone.',
    },
    files: { title: 'Bring your runs', text: 'Drop your files below.' },
  },
  totals: 'Last 28 days',
  distance: 'Distance',
  time: 'Moving time',
  runs: 'Runs',
  ascent: 'Climb',
  trend: {
    up: (share: string) => `${share} more than the 28 days before`,
    down: (share: string) => `${share} less than the 28 days before`,
    same: 'as in the 28 days before',
    fresh: 'none in the 28 days before',
  },
  thisYear: 'This year',
  allTime: 'All time',
  runCount: runs,
  weeks: 'Week by week',
  weeksCaption: 'Distance per week, the last 26 weeks',
  week: 'Week of',
  days: 'Day by day',
  daysCaption: 'Distance per day, the last 53 weeks',
  day: 'Day',
  noRun: 'no run',
  less: 'less',
  more: 'more',
  daysTotal: (days: number) =>
    plural(days, {
      one: 'Runs on 1 day of the last year.',
      other: 'Runs on # days of the last year.',
    }),
  recent: 'Recent runs',
  allRuns: 'All runs',
  songs: 'What you run to most',
  songsHint: 'By time you were moving while it played. This is what you chose, not what it did.',
  songPlays: (plays: number, runs: string) =>
    `${plural(plays, { one: 'played once', other: 'played # times' })} in ${runs}`,
  noMusic: 'No songs yet',
  noMusicText: 'Add your Spotify history, and every run gets its soundtrack: old ones too.',
  noRunsInMusic: 'Your plays are here, but none falls into a run yet.',
  addHistory: 'Import listening history',
  emptyTitle: 'Start with the files you have',
  emptyText:
    'Your watch files or Strava export bring the runs, your Spotify history brings the songs.',
  emptyMusicOnly: (listens: number) =>
    plural(listens, {
      one: 'One play is waiting for a run. Drop your runs here.',
      other: '# plays are waiting for your runs. Drop them here.',
    }),
  importing: 'Runs are on their way in',
  importingText: 'This page fills as they arrive.',
};
