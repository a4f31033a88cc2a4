import { plural } from './plural.ts';

const files = (count: number) => plural(count, { one: '1 file', other: '# files' });
const activities = (count: number) => plural(count, { one: '1 activity', other: '# activities' });
const plays = (count: number) => plural(count, { one: '1 play', other: '# plays' });

export const imports = {
  title: 'Import',
  dropTitle: 'Drop runs and music here',
  dropText:
    'Watch files, and what services gave you: Strava, Garmin, Apple Health, Spotify, Apple Music, YouTube Music, Last.fm, ListenBrainz. ZIP archives as they came, files, whole folders, all at once.',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose a folder',
  nothing: 'There was no file in what you dropped.',
  safeTwice: 'Importing the same file twice changes nothing.',
  reading: (count: number) => `Reading what you dropped: ${files(count)}`,
  uploading: (done: string, total: string) => `Uploading ${done} of ${total}`,
  uploadFailed: 'The upload broke off',
  uploadFailedText: 'Nothing was half imported. Drop the files again.',
  cancelUpload: 'Stop the upload',
  list: 'Imports',
  listEmpty: 'What you import is listed here, file by file.',
  files,
  plays,
  added: (activityCount: number, listens: number, joined: number) => {
    const parts = [
      activityCount > 0 ? activities(activityCount) : '',
      listens > 0 ? plays(listens) : '',
    ];
    if (activityCount + listens > 0) return parts.filter(Boolean).join(' and ');
    if (joined === 0) return 'nothing new';
    return plural(joined, { one: '1 more file of a run', other: '# more files of runs' });
  },
  state: {
    queued: 'Waiting to start',
    running: 'Importing',
    done: 'Finished',
    failed: 'Broke off',
    undoing: 'Being undone',
    undone: 'Undone',
  },
  failedText:
    'BeatRunner could not finish this import. What is listed as imported is safe; drop the rest again.',
  progress: (done: number, total: number) => `${done} of ${files(total)}`,
  rate: (perSecond: string) => `${perSecond} files per second`,
  heldUp: {
    'disk-full': 'The disk is full. Free some space; the import goes on by itself.',
    'database-busy': 'The database is busy. The import goes on by itself.',
    'database-away': 'The database does not answer. The import goes on by itself.',
  },
  closeFreely: 'You may close this page: the import goes on.',
  soundtracks: (pending: number) =>
    plural(pending, {
      one: 'Matching songs to 1 run',
      other: 'Matching songs to # runs',
    }),
  outcome: {
    all: 'All',
    waiting: 'Waiting',
    opened: 'Opened',
    imported: 'Imported',
    joined: 'Added to a run',
    already_there: 'Already there',
    refused: 'Refused',
    skipped: 'Not needed',
  },
  refused: (count: string) => `${count} refused`,
  outcomeCount: (name: string, count: string) => `${name} ${count}`,
  skippedText: 'Neither a run nor a listening history; left out.',
  openedText: 'An archive; its files are listed below.',
  alreadyThereText: 'Was imported before; nothing changed.',
  noFiles: 'No file has this outcome.',
  openRun: 'Open the run',
  openRunNumber: (number: number) => `Run ${number}`,
  moreRuns: (count: number) => plural(count, { one: 'and 1 more', other: 'and # more' }),
  seeRuns: 'See your runs',
  back: 'All imports',
  missingTitle: 'This import is not here',
  missingText: 'Its address may be mistyped, or it belongs to somebody else.',
  kind: {
    fit: 'FIT',
    gpx: 'GPX',
    tcx: 'TCX',
    gzip: 'Compressed file',
    zip: 'Archive',
    json: 'Data file',
    csv: 'Table',
    spotify_extended: 'Spotify history',
    spotify_account_data: 'Spotify history, to the minute',
    lastfm_csv: 'Last.fm history',
    lastfm_json: 'Last.fm history',
    listenbrainz: 'ListenBrainz history',
    youtube_history: 'YouTube history',
    youtube_page: 'Web page',
    apple_activity: 'Apple Music history',
    apple_artists: 'Apple Music songs',
    own_plays: 'Table of plays',
    strava_activities: 'Strava’s list of activities',
    garmin_activities: 'Garmin’s list of activities',
    apple_health: 'Apple Health export',
    health: 'Apple Health workout',
    account_export: 'Export of a BeatRunner account',
    account_rows: 'Part of an account',
    account_original: 'Original file of a run',
    nothing: 'Other file',
    unknown: 'Unknown',
  },
  watched: {
    title: 'Watched folder',
    text: 'What appears in this folder comes in by itself. Nothing in it is changed.',
    away: 'This folder is not there now. It is looked for every few seconds.',
    stale: (at: string) =>
      `Nobody has looked since ${at}. The worker that watches may have stopped.`,
    nothing: 'Nothing has come from it yet.',
    last: (path: string, at: string) => `The last was ${path}, on ${at}.`,
    total: (count: number) => `${files(count)} in all`,
  },
  more: 'Show more files',
  finishedToast: (added: string) => `Import finished: ${added}.`,
  undoneToast: 'The import is undone.',
  refusedToast: (count: number) =>
    plural(count, { one: '1 file was refused.', other: '# files were refused.' }),
  look: 'Look',
  help: {
    title: 'Where do I get my files?',
    strava: 'Strava export',
    stravaSteps: [
      'On strava.com, in a browser, open Settings, then My Account.',
      'Under “Download or Delete Your Account”, choose Get Started, then Request Your Archive. Nothing is deleted by this.',
      'Strava sends an e-mail with a link, often within hours. Drop the ZIP here as it is.',
    ],
    spotify: 'Spotify',
    spotifySteps: [
      'On spotify.com, open your account’s Privacy page.',
      'Under “Download your data”, ask for the Extended streaming history. The short Account data comes sooner, but knows a year only, and that to the minute; you can import both.',
      'Spotify needs some days, up to 30. Drop the ZIP here when the e-mail comes.',
    ],
    apple: 'Apple Music',
    appleSteps: [
      'On privacy.apple.com, choose “Request a copy of your data”, and there “Apple Media Services information”.',
      'Apple sends an e-mail within a week. Drop the ZIP here as it is: the artists are in other files of it than the plays.',
    ],
    youtube: 'YouTube Music',
    youtubeSteps: [
      'On takeout.google.com, deselect all, then choose “YouTube and YouTube Music”.',
      'Under “All YouTube data included”, leave only the history. Under “Multiple formats”, set the history to “JSON”: the web page that is offered first cannot be read.',
      'Drop the ZIP here. Only the music in it is taken.',
    ],
    lastfm: 'Last.fm',
    lastfmSteps: [
      'Last.fm has no export, but others make one of a public profile: lastfm.ghan.nl/export, lastfmstats.com or benjaminbenben.com/lastfm-to-csv.',
      'The first two know seconds, the last one minutes: with seconds, songs stand surer on the map. Any kind of file that they offer will do.',
    ],
    listenbrainz: 'ListenBrainz',
    listenbrainzSteps: [
      'On listenbrainz.org, open Settings, then Export data, and export your listens.',
      'Drop the ZIP here as it is.',
    ],
    other: 'Another player',
    otherSteps: [
      'Make a table (CSV) with a first row “title,artist,started_at,ended_at” and a row for each play.',
      'Write times with their zone, such as 2026-05-04T07:30:12+02:00.',
    ],
    garmin: 'Garmin',
    garminSteps: [
      'On garmin.com, open your account, then Data Management, and ask for an export of your data.',
      'Garmin sends an e-mail with a link, often within hours. Drop the ZIP here as it is: the ZIPs inside it are opened, too.',
    ],
    health: 'Apple Health',
    healthSteps: [
      'On the iPhone, open Health, tap your picture, then “Export All Health Data”. That takes some minutes.',
      'Send the export.zip to this computer and drop it here, or the folder a Mac makes of it. Of everything in it, only workouts are taken.',
    ],
    watch: 'Another watch or app',
    watchSteps: [
      'Coros, Suunto, Polar, Wahoo: connect the watch by USB, or export a run from its website as FIT, TCX or GPX.',
      'Drop the watch’s whole activity folder: BeatRunner takes what it can read and says why it leaves the rest.',
    ],
  },
};
