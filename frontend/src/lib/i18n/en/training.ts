import { runs } from './counts.ts';
import { plural } from './plural.ts';

/** How much one trains, and how fast one has been. */
export const training = {
  title: 'Training',
  link: 'Training and fastest stretches',
  subtitle: 'The last 26 weeks',

  verdict: {
    title: 'Are you doing more than usual?',
    more: 'More than usual.',
    less: 'Less than usual.',
    same: 'About as usual.',
    text: (lately: string, usual: string) =>
      `Your load of late is ${lately} a week; usually it is ${usual}.`,
    together:
      'The ranges are what we do not know of your heart. That moves both figures the same way, so they can be compared.',
    caution:
      'Load says how hard your heart has worked. Whether you are fit, tired or about to be hurt it does not say.',
    early: 'Too early to say what is usual.',
    earlyText: 'This takes six weeks of runs with a heart rate.',
    noHeart: 'None of these runs has a heart rate.',
    noHeartText:
      'So there is no load: BeatRunner does not make one up from pace. A chest strap or a watch that measures the heart would tell.',
  },

  by: {
    legend: 'What the bars show',
    load: 'Load',
    distance: 'Distance',
    time: 'Time',
  },
  weeks: {
    title: 'Week by week',
    label: {
      load: 'Load per week, the last 26 weeks',
      distance: 'Distance per week, the last 26 weeks',
      time: 'Moving time per week, the last 26 weeks',
    },
    explain:
      'A bar is a week from Monday; the thin line on a bar of load is where the load lies 19 times of 20. Load adds up the minutes of a run, and a minute counts more the nearer the heart is to its highest rate.',
    week: 'Week of',
    weekOf: (day: string) => `Week of ${day}`,
    load: 'Load',
    range: 'Range',
    distance: 'Distance',
    time: 'Time',
    runs: 'Runs',
    withHeart: 'With heart rate',
    count: runs,
    of: (withHeart: number, all: number) => `${withHeart} of ${runs(all)} with a heart rate`,
  },
  trend: {
    title: 'Of late, and usually',
    label: 'Load per week, of late and usually',
    lately: 'of late (7 days)',
    usual: 'usually (42 days)',
    explain:
      'Both lines are the load of a week as the past days have it, where a day counts less the longer ago it is: one forgets within days, the other within weeks. Where the first is above the second, you do more than you are used to; the band is where the first lies 19 times of 20.',
    summary: 'Load per week, as days fade within a week and within six.',
    at: (day: string, lately: string, interval: string, usual: string) =>
      `${day}: ${lately} ${interval} of late, ${usual} usually`,
    day: 'Day',
    low: 'Low',
    high: 'High',
    axis: 'Load per week',
  },
  efforts: {
    title: 'Fastest stretches',
    outdoor: 'Outdoors',
    treadmill: 'On a treadmill that told its speed',
    explain:
      'The fastest stretch of each length in any of your runs, as the same effort would have gone on level ground. Pauses count as time; what looks like a fault of the device makes no way, so it can cost you a record but not give you one.',
    distance: 'Distance',
    best: 'Best',
    recent: 'Last 90 days',
    none: 'none',
    noneAtAll: 'No run of a kilometre has been measured yet.',
    same: 'the same',
    names: {
      1000: '1\u202fkm',
      1609.344: '1 mile',
      5000: '5\u202fkm',
      10000: '10\u202fkm',
      21097.5: 'Half marathon',
    } as Record<number, string>,
  },
  unsure: {
    title: 'What is uncertain',
    runs: (withHeart: number, all: number) =>
      withHeart === all
        ? `All ${runs(all)} of these weeks count in the load.`
        : `${withHeart} of ${runs(all)} count in the load: the others have no heart rate, or too little of one.`,
    max: {
      told: (figure: string) => `Loads rest on your highest heart rate, ${figure} as you told.`,
      seen: (figure: string, range: string) =>
        `Loads rest on your highest heart rate, learned from what your runs reached: ${figure} ${range}.`,
      predicted: (figure: string, range: string) =>
        `Loads rest on your highest heart rate, which is only predicted: ${figure} ${range}.`,
    },
    resting: (figure: string, range: string) =>
      `They rest on your resting heart rate, too, which runs cannot tell: a guess, ${figure} ${range}.`,
    tell: 'Tell yours',
    ground:
      'Satellites err by a few per cent of a distance, and what a hill costs is taken from other runners. Seconds between two records may be chance.',
    belts: 'A watch guesses your speed on a treadmill, so such runs set no record.',
  },
  reading: (count: number) => plural(count, { one: 'Reading one run…', other: 'Reading # runs…' }),
  empty: {
    title: 'No training to show yet',
    text: 'Bring your runs, and this page shows how much you train and how fast you have been.',
    action: 'Import runs',
  },
};
