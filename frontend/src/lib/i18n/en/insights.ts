import { plays, runs, songs } from './counts.ts';
import { plural } from './plural.ts';

const moreRuns = (count: number) =>
  plural(count, { one: 'about one more run', other: 'about # more runs' });

/** "+0.5 % (0.2 to 0.8)" is said as a figure and, smaller, its interval. */
export const insights = {
  title: 'Insights',
  basedOn: (run: number, play: number) => `From ${plays(play)} in ${runs(run)}`,
  computed: (ago: string) => `worked out ${ago}`,
  stale: 'Something has changed since. New figures are on their way.',
  staleDone: (done: number, all: number) =>
    `Something has changed since. New figures are on their way: ${done} of ${runs(all)} compared.`,
  intervalNote: 'In brackets: where the true figure lies 19 times of 20.',
  perTen: (figure: string) => `${figure} per 10 beats/min`,

  computing: {
    title: 'Listening to your runs',
    text: 'Every song of every run is compared with the rest of the same run. The first time takes a minute or two. You can leave this page; it fills by itself.',
    progress: 'Runs compared',
    done: (done: number, all: number) => `${done} of ${runs(all)} compared`,
    last: 'All runs are compared. Now they are put together.',
  },
  /** Why there is nothing to see yet, and the one thing to do about it. */
  empty: {
    noRuns: {
      title: 'No runs yet',
      text: 'Bring your runs and what you listened to, and this page tells which music makes you run.',
      action: 'Import runs and music',
    },
    noMusic: {
      title: 'No music yet',
      text: (run: number) =>
        `Your ${runs(run)} are here. What is missing is what you listened to: bring your listening history.`,
      action: 'Import listening history',
    },
    apart: {
      title: 'No song played during a run',
      text: (play: number, run: number) =>
        `There are ${plays(play)} and ${runs(run)}, but none of the songs was on while you ran. Perhaps the history ends before the runs begin, or a clock is wrong: a run’s page can move its music.`,
      action: 'Look at your runs',
    },
    tooFew: {
      title: 'Too early to say anything',
      text: (play: number) =>
        `So far ${plural(play, { one: '1 song can', other: '# songs can' })} be compared with others of the same run. From about a dozen runs with music, this page begins to tell.`,
      action: 'Import runs and music',
    },
  },

  finding: {
    title: 'What your runs say',
    small: (what: string) => `Whatever tempo does to ${what}, it is little:`,
    cannotTell: (what: string) => `Your runs cannot tell yet whether faster songs change ${what}.`,
    runsNeeded: (count: number) =>
      `${moreRuns(count)} with music would narrow it down.`.replace(/^a/, 'A'),
    mostInStep: (tempo: string) =>
      `You run in step most with songs of about ${tempo} beats a minute, against your average song:`,
    noTempo: 'The tempo of too few songs is known to say anything about tempo.',
    pace: (pace: string, seconds: string) => `At your usual ${pace} that is ${seconds}.`,
    seconds: {
      km: (count: number) =>
        count < 1
          ? 'less than a second per kilometre'
          : `about ${plural(count, { one: '1 second', other: '# seconds' })} per kilometre`,
      mi: (count: number) =>
        count < 1
          ? 'less than a second per mile'
          : `about ${plural(count, { one: '1 second', other: '# seconds' })} per mile`,
    },
    songsMake: (raising: number, lowering: number) =>
      [
        raising ? `${songs(raising)} ${raising === 1 ? 'makes' : 'make'} you faster` : '',
        lowering ? `${songs(lowering)} ${lowering === 1 ? 'makes' : 'make'} you slower` : '',
      ]
        .filter(Boolean)
        .join(', ') + '.',
    songsGo: (raising: number, lowering: number) =>
      [
        raising ? `${songs(raising)} ${raising === 1 ? 'goes' : 'go'} with faster running` : '',
        lowering ? `${songs(lowering)} ${lowering === 1 ? 'goes' : 'go'} with slower running` : '',
      ]
        .filter(Boolean)
        .join(', ') + '.',
    beyond: (songsDo: string) => `Beyond their tempo, ${songsDo}`,
    oneInTen: 'Of ten songs named like this, one may be wrong.',
  },

  basis: {
    legend: 'Which plays to look at',
    causal: 'Shuffled',
    association: 'You chose',
    isCausal:
      'The player’s shuffle decided what came when, so nothing else explains a difference: this is what the music does.',
    isAssociation:
      'You decided what came when, perhaps because of how the run was going: this goes together, and need not be the cause.',
    causalFew: (count: number) =>
      `Of plays that shuffle decided there are ${count}, too few to tell causes. Turn shuffle on for some runs.`,
    associationFew: (count: number) =>
      `Of plays that you chose there are ${count}, too few to tell.`,
    plays: (play: number, run: number) => `${plays(play)} in ${runs(run)}.`,
  },

  responses: {
    legend: 'What the music may change',
    speed: 'Pace',
    heart_rate: 'Heart rate',
    cadence: 'Steps',
    in_step: 'In step',
  },
  /** What is changed, in a sentence. */
  what: {
    speed: 'your pace',
    heart_rate: 'your heart rate at the same pace',
    cadence: 'your steps per minute',
    in_step: 'how much you run in step',
  },
  unit: {
    speed: '%',
    heart_rate: 'heartbeats/min',
    cadence: 'steps/min',
    in_step: '% of the time',
  },
  tempoMakes: {
    speed: { raises: 'Faster songs make you run faster:', lowers: 'Faster songs slow you down:' },
    heart_rate: {
      raises: 'Faster songs raise your heart rate at the same pace:',
      lowers: 'Faster songs lower your heart rate at the same pace:',
    },
    cadence: {
      raises: 'Faster songs make you step quicker:',
      lowers: 'Faster songs make you step slower:',
    },
    in_step: {
      raises: 'Faster songs bring you in step more often:',
      lowers: 'Faster songs bring you out of step more often:',
    },
  },
  tempoGoes: {
    speed: {
      raises: 'Faster songs go with faster running:',
      lowers: 'Faster songs go with slower running:',
    },
    heart_rate: {
      raises: 'Faster songs go with a higher heart rate at the same pace:',
      lowers: 'Faster songs go with a lower heart rate at the same pace:',
    },
    cadence: {
      raises: 'Faster songs go with quicker steps:',
      lowers: 'Faster songs go with slower steps:',
    },
    in_step: {
      raises: 'Faster songs go with more time in step:',
      lowers: 'Faster songs go with less time in step:',
    },
  },

  chart: {
    effect: 'Effect',
    low: 'Low',
    high: 'High',
  },
  tempo: {
    title: 'By tempo',
    axis: (up: string) => `Across: beats per minute, as you step to them. Up: ${up}.`,
    up: {
      speed: '% faster',
      heart_rate: 'more heartbeats a minute',
      cadence: 'more steps a minute',
      in_step: '% more of the time in step',
    },
    tempo: 'Beats/min',
    at: (tempo: string, figure: string, interval: string) =>
      `At ${tempo} beats/min: ${figure} ${interval}`,
    explain:
      'The line is how your running differs under slower and faster songs from your average one, on the same day and at the same point of a run. The band is where the truth lies 19 times of 20: where it holds the zero line, there may be no difference at all.',
    summary: 'Zero is your average song.',
    none: 'We cannot draw this yet: the tempo of too few songs is known, or they are all alike.',
  },
  songs: {
    title: 'By song',
    explain:
      'The dot is our best guess of how a song differs from your average song, the bar where the truth lies 19 times of 20. Songs stand out where they do more than their tempo explains, so that of ten that do nine are right; “for its tempo” stands where the bar still touches zero.',
    summary: (named: number, all: number) =>
      `${named === 0 ? 'None' : named} of ${songs(all)} ${named === 1 || named === 0 ? 'stands' : 'stand'} out.`,
    standOut: 'Those that do something of their own',
    others: 'All others, the most heard first',
    noneStandsOut: 'No song does something of its own that could be told yet.',
    axis: (unit: string) => `${unit}, against your average song`,
    song: 'Song',
    artist: 'Artist',
    plays: 'Plays',
    verdict: 'Verdict',
    count: plays,
    all: (count: number) => `Show all ${count}`,
    fewer: 'Show fewer',
  },
  verdict: {
    speed: { raises: 'faster', lowers: 'slower' },
    heart_rate: { raises: 'heart rate up', lowers: 'heart rate down' },
    cadence: { raises: 'quicker steps', lowers: 'slower steps' },
    in_step: { raises: 'more in step', lowers: 'less in step' },
    probably: (named: string) => `probably ${named}`,
    forTempo: (named: string) => `${named} for its tempo`,
    by_tempo: 'what its tempo does, not more',
    cannot_tell: 'like your average song',
    not_enough_yet: (heard: number, all: number) => `too early: ${heard} of about ${all} plays`,
  },
  lock: {
    title: 'In step with the music',
    explain:
      'In step means a step on the beat, its half or its double, as far as watch and music times allow to say. Songs near your own steps per minute are the easiest to run in step with; the dashed line is where your steps usually are.',
    cadence: (cadence: string) => `your steps: ${cadence}`,
    summary: 'Zero is your average song.',
  },
  cannot: {
    title: 'What we cannot tell',
    tempo: (what: string, count: number) =>
      `Whether tempo changes ${what}: ${moreRuns(count)} with music would narrow it down.`,
    tempoUnknown: (what: string) => `Whether tempo changes ${what}: too few tempi are known.`,
    nothing: (what: string) => `What music does to ${what}: there are too few such plays.`,
    alike: (count: number) =>
      plural(count, {
        one: 'Whether one song, heard often enough, does anything at all: it looks like your average one.',
        other:
          'Whether # songs, heard often enough, do anything at all: they look like your average one.',
      }),
    notEnough: (count: number) =>
      plural(count, {
        one: 'What one song does by itself: you have not run to it often enough.',
        other: 'What # of your songs do by themselves: you have not run to them often enough.',
      }),
    nearest: (title: string, more: number, run: number) =>
      `The nearest is ${title}: ${plural(more, { one: 'one more play', other: 'about # more plays' })} would do. As often as you hear it now, that takes ${plural(run, { one: 'one more run', other: 'about # more runs' })}.`,
    nearestFar: (title: string, more: number) =>
      `Even the nearest, ${title}, would take about ${more} more plays. Most songs differ too little to be told one by one; tempo is told sooner, since all songs speak for it.`,
    cause:
      'What causes what: you chose these songs yourself. Shuffle, or an experiment, would tell.',
    silence: 'What music does against none: songs are compared with songs, never with silence.',
    leftOut: 'Runs that say nothing here:',
    /** What a source forbids to be combined. */
    keptOut: (what: string, from: string, service: string) =>
      `${what} from ${from} stay out: ${service} does not allow its data to be combined with other data.`,
    and: (one: string, other: string) => `${one} and ${other}`,
    runs,
    plays,
    from: {
      strava_api: ['Strava’s connection', 'Strava'],
      spotify_api: ['Spotify’s connection', 'Spotify'],
    },
    instead: 'The same from files or an export counts.',
    reason: {
      no_music: (count: number) => `${runs(count)} without music`,
      poor_times: (count: number) => `${runs(count)} where we are unsure which song played when`,
      interval_workout: (count: number) =>
        `${runs(count)} with intervals, where the plan set the pace`,
      driven: (count: number) => `${runs(count)} in which BeatRunner set the speed, not you`,
      nothing_measured: (count: number) => `${runs(count)} with no song long enough to measure`,
    },
  },
  gait: {
    title: 'How you step',
    treadmill: 'On the treadmill',
    outdoor: 'Outdoors',
    label: {
      treadmill: 'Steps per minute by pace, on the treadmill',
      outdoor: 'Steps per minute by pace, outdoors',
    },
    from: (time: string) => `From ${time} of your runs.`,
    nothing: 'None of your runs tell this yet. The line is what most people do.',
    toLearn: {
      treadmill:
        'Run once on a treadmill with BeatRunner: there the belt says how fast it was, where a watch guesses.',
      outdoor: 'Runs with steps from a watch or a foot pod will tell.',
    },
    you: 'you',
    others: 'most people',
    at: (pace: string, figure: string, interval: string) => `At ${pace}: ${figure} ${interval}`,
    pace: 'Pace',
    cadence: 'Steps/min',
    explain:
      'The line is how many steps a minute you take at each pace on level ground, with the band where it lies 19 times of 20; the dashed line is what most people of your height do. Workouts choose songs and belt speeds by it.',
    sharpened: {
      more_minutes: 'More minutes of steady running would sharpen it.',
      other_speeds: 'Steady minutes at other paces would sharpen it.',
      nothing: 'It is as sharp as it gets.',
    },
  },

  /** On the page of one run. */
  run: {
    title: 'What this run says',
    all: 'All insights',
    summary: (count: number, unlike: number) =>
      unlike === 0
        ? `${plural(count, { one: 'Its one song', other: 'All # songs' })} went as expected.`
        : `${unlike} of ${songs(count)} went unlike in your other runs.`,
    caution: 'One play says little: paces differ by a few percent for no reason at all.',
    song: 'Song',
    here: 'Here, against the rest of this run',
    everywhere: 'What all your runs say',
    fit: 'This play',
    early: 'too early to say',
    fits: { true: 'as expected', false: 'unlike other runs' },
    leftOut: {
      no_music: 'No music is known for this run.',
      poor_times:
        'This run is left out of insights: we are unsure which song played when. Moving the music by its clock offset may help.',
      interval_workout:
        'This run is left out of insights: it has intervals, and there the plan sets the pace, not the music.',
      driven: 'This run is left out of insights: BeatRunner set its speed, so the music could not.',
      nothing_measured: 'This run is left out of insights: no song was long enough to measure.',
    },
    notes: {
      cadence_lock:
        'Heart rate follows your steps here, second by second, as no heart does: the sensor probably counted steps. A strap, or a tighter watch, would help.',
      clock_offset: (hours: number, isLater: boolean) =>
        `There is next to no music in this run, but much like it ${plural(hours, { one: 'one hour', other: '# hours' })} ${isLater ? 'earlier' : 'later'}: a clock was probably wrong. Move the music with the clock offset below the songs.`,
      tempo_octave: (title: string) =>
        `The tempo of ${title} may be half or double what it is known as. Correct it, and insights follow.`,
    },
  },
};
