/** Two runs on one axis. */
export const compare = {
  title: 'Compare two runs',
  start: 'Compare with…',
  chooseTitle: (name: string) => `Compare “${name}” with…`,
  search: 'Search your runs',
  sameRoute: 'On the same route',
  similarLength: 'Of similar length',
  found: 'Found',
  nothingSimilar: 'No run on the same route or of similar length is known. Search for another one.',
  nothingFound: 'No run has these words in its name.',

  swap: 'Swap',
  chooseA: 'Choose another run for A',
  chooseB: 'Choose another run for B',
  chooseButton: 'Choose another',
  axis: 'Compare by',
  axes: { distance: 'Distance', time: 'Time' },
  onlyTime: 'By time only: the distance is not known for both runs.',

  noneTitle: 'Which runs?',
  noneText: 'Open a run, and choose “Compare with…” there.',
  oneTitle: 'And the other one?',
  oneText: 'Choose a run to put beside this one.',
  choose: 'Choose a run',
  missingTitle: (letter: string) => `Run ${letter} is not here`,
  missingText: 'It may have been deleted, or it belongs to somebody else.',
  allRuns: 'All runs',

  aheadAfter: {
    distance: (letter: string, size: string, way: string) =>
      `${letter} was ${size} faster over the first ${way}.`,
    time: (letter: string, size: string, time: string) =>
      `${letter} was ${size} ahead after ${time}.`,
  },
  levelAfter: (where: string) => `Both were level after ${where}.`,
  noLead: 'Who was ahead cannot be told: the distance is not known for both runs.',
  standing: 'Time goes on while standing.',

  lead: { distance: 'Time ahead', time: 'Distance ahead' },
  leadHelp: 'Above the middle line A is ahead, below it B.',
  ahead: (letter: string, size: string) => `${letter} ${size} ahead`,
  level: 'level',
  songsOf: (letter: string) => `Songs of ${letter}`,
  charts: 'Charts of both runs',
  chartsHelp: {
    distance:
      'Drag to zoom, double click for the whole runs; arrow keys move the cursor by ten metres, with Shift by a hundred.',
    time: 'Drag to zoom, double click for the whole runs; arrow keys move the cursor by a second, with Shift by ten.',
  },
  pointHelp: 'Move over the charts to see both runs at one place.',
  both: 'Both runs',
  of: (letter: string, what: string) => `${what} ${letter}`,
  at: { distance: 'After', time: 'At' },

  map: 'Both paths',
  totals: 'Totals',
  figure: 'Figure',
  flatPace: 'Pace on the flat',
  songs: 'Songs',
};
