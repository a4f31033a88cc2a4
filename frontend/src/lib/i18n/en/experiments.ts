import { plays, runs, songs } from './counts.ts';

/** Runs to songs in an order that chance decided. */
export const experiments = {
  title: 'Experiments',
  link: 'Find out by experiment',
  linkText:
    'Songs in an order that chance decides tell what music does to you, and not just what goes together.',
  open: 'Experiments',
  what: 'An experiment is a list of your songs in an order that chance decides, to be played from top to bottom while you run as you feel.',
  why: 'Because nobody chose which song comes when, nothing else explains a difference: it tells what the music does, where songs you pick yourself only tell what goes together.',

  result: {
    title: 'What chance has shown so far',
    from: (play: number, run: number) => `From ${plays(play)} in ${runs(run)}.`,
    none: 'Nothing yet: no run has had songs in an order that chance decided.',
    few: (play: number) =>
      `Chance decided ${plays(play)} so far, too few to say anything. One or two runs more, and this begins to tell.`,
    beside: 'Beside it, songs that you chose yourself:',
    notCause: 'This goes together, and need not be the cause.',
    all: 'All figures',
  },

  proposal: {
    title: 'The next experiment',
    count: 'How many songs',
    countHint: (minutes: number) => `About ${minutes} minutes at four minutes a song.`,
    unit: 'songs',
    teaches: (tempo: string, single: string) =>
      `After this run, what tempo does to your pace would be known ${tempo} more closely, and what single songs do ${single} more closely.`,
    teachesLittle: (tempo: string, single: string) =>
      `Your runs tell a lot already: after this one, what tempo does to your pace would be known ${tempo} more closely, and what single songs do ${single}.`,
    teachesSongs: (single: string) =>
      `After this run, what single songs do to your pace would be known ${single} more closely. What tempo does cannot be learned from it: the tempo of these songs is not known.`,
    chosen:
      'These teach most: songs that you have run to, slow and fast ones, and some that were hardly heard yet. Chance decides their order when you start.',
    which: (count: number) => `Which ${songs(count)}`,
    start: 'Start an experiment',
    started: 'Your experiment is ready, its songs in the order that chance gave them.',
    tooLittle: 'Too few songs yet',
    tooLittleText: (count: number) =>
      `You have not run to ${songs(count)} yet. Run to some more music, or bring your listening history, and an experiment can be made of it.`,
    fewer: (count: number) =>
      `You have not run to ${songs(count)} yet. Choose fewer, or run to some more first.`,
    tryFewer: (count: number) => `Try ${songs(count)}`,
    action: 'Import runs and music',
  },

  list: {
    title: 'Your experiments',
    none: 'None yet. What you start is kept here.',
    name: (day: string) => `Experiment of ${day}`,
    fileName: (day: string) => `Experiment ${day}`,
    songs,
    heard: (count: number) => `Heard in ${runs(count)}.`,
    state: [
      'Not heard in any run yet: play it in your next one.',
      'Play this list once or twice more.',
      'Once more is worth it; after that, a new list teaches more.',
      'It has told its part: a new list teaches more.',
    ],
    how: 'Play the songs in this order, outdoors or on a belt that you set yourself: where BeatRunner sets the speed, music cannot show what it does. You may skip a song; its place then counts as that song’s all the same, so that skipping cannot mislead. A run is recognised by four songs or more in this order.',
    order: 'Songs in order',
    show: 'Songs and downloads',
    play: 'Run to it',
    delete: 'Delete',
    deleteTitle: (name: string) => `Delete “${name}”?`,
    deleteText: (count: number) =>
      count === 0
        ? 'Its list will be gone. Runs and songs stay.'
        : `Its list will be gone, and its plays in ${runs(count)} count as songs that you chose. Runs and songs stay.`,
    keep: 'Keep it',
  },
};
