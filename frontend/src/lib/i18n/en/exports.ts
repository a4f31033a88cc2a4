/** Taking runs, listens and the whole account out again. */
export const exports = {
  run: {
    start: 'Download',
    title: 'Download this run',
    text: 'It is yours. Take it to any other program.',
    forms: {
      original: {
        label: 'Original file',
        text: 'As you imported it; several come as a ZIP.',
      },
      fit: { label: 'FIT', text: 'Every second, for Garmin, Strava and most others.' },
      gpx: { label: 'GPX', text: 'The way with heart rate and steps, for maps.' },
      geojson: { label: 'GeoJSON', text: 'The way with a line for each song, for drawing.' },
      csv: { label: 'Seconds as a table', text: 'One row a second, with the song, as CSV.' },
      songs: { label: 'Songs as a table', text: 'One row a song, with pace and heart, as CSV.' },
    },
  },
  listens: {
    start: 'Export listens',
    hint: 'What you heard, one line a play, as ListenBrainz takes it.',
  },
  data: {
    title: 'Your data',
    everything: 'Take everything with you',
    text: 'One ZIP with all that BeatRunner knows of you. It comes back whole: drop it where you drop your files, here or in another BeatRunner.',
    start: 'Export everything',
    again: 'Export anew',
    waiting: 'Waits for its turn …',
    writing: (done: string, total: string) => `${done} of ${total} rows and files written`,
    stop: 'Stop',
    ready: (size: string) => `Ready: ${size}`,
    expires: (until: string) => `Kept here until ${until}. Only you can get it.`,
    download: 'Download',
    remove: 'Delete it here',
    failed: 'The export failed. There may be no room left on the disk.',
    insideTitle: 'What is inside',
    inside: [
      ['runs', 'every run as a FIT file'],
      ['originals', 'the files you imported, as they were'],
      ['songs.csv', 'which song played when in which run'],
      ['listens.jsonl', 'what you heard, for ListenBrainz'],
      ['held', 'sign-ins, consents, links, imports: to read, not to take back'],
      ['data', 'every row, for BeatRunner to take back'],
    ],
    notInside:
      'Left out are passwords and links, and what is computed from the rest. Where you ran is inside: keep the file to yourself.',
    backText:
      'Brought back, it changes and doubles nothing that is there, however often you do it.',
    import: 'Import a file',
  },
};
