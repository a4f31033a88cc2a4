import { plays } from './counts.ts';

/** How sources write a song, and what they told of its plays. */
export const spellings = {
  title: 'How it is written',
  text: 'Services write one song in different ways. All of these count as this song.',
  only: 'Every source writes it like this.',
  told: (source: string, count: number) => `${source}, ${plays(count)}`,
  split: 'Not the same song',
  splitOf: (title: string) => `“${title}” is not the same song`,
  splitDone: (title: string) => `“${title}” is a song of its own now, and stays so.`,
  merge: 'Same as another song…',
  mergeTitle: 'Same as which song?',
  mergeSearch: 'Search title, artist or album',
  mergeNothing: 'No other song of yours is called so.',
  mergeText: (one: string, other: string) =>
    `The plays of “${one}” count as “${other}” from now on, on runs, in insights and in playlists. You can take it back.`,
  mergeConfirm: 'They are the same',
  mergeOther: 'Choose another one',
  mergeDone: (one: string, other: string) => `“${one}” counts as “${other}” now.`,
  undo: 'Undo',

  plays: 'Its plays',
  playsText:
    'When it played, on runs or not, and who told so. What several told of one play is one line.',
  noPlays: 'No source tells of a play.',
  certain: (within_s: string) => `± ${within_s} s`,
  onePlay: (source: string) =>
    `They count as one play, with the time of the most exact: ${source}. It was also told by:`,
  onePlayAgain: 'Put it with others again',
  twoPlays: 'This was another play',
  twoPlaysDone: 'They count as two plays now, and stay so.',
  sources: {
    file: 'Your own table',
    strava_export: 'Strava’s export',
    strava_api: 'Strava',
    spotify_export: 'Spotify’s history',
    spotify_account: 'Spotify’s account data',
    spotify_api: 'Spotify',
    lastfm: 'Last.fm',
    listenbrainz: 'ListenBrainz',
    apple_music: 'Apple Music',
    youtube_music: 'YouTube Music',
    manual: 'You',
    live: 'Your workout',
  } as Record<string, string>,
};
