import { plural } from './plural.ts';

/** What is held of a runner: by whose leave, how long, and how it goes. */
export const held = {
  consent: {
    title: 'Heart rate',
    text: 'Your heart rate tells of your health, so BeatRunner keeps it only if you say so. It is used for your zones, your load and what music does to your heart. Nobody else sees it unless you tick it for a link.',
    given: (at: string) => `You have agreed to it on ${at}.`,
    notGiven:
      'You have not agreed. Runs come in without heart rate, and live workouts show it without writing it down.',
    later: 'What you imported meanwhile gets its heart rate when you import it again.',
    give: 'Keep my heart rate',
    askTitle: 'Keep the heart rate of your runs?',
    askEither:
      'Your runs come in either way. You can change your mind later, under Settings, Your data.',
    without: 'Import without it',
    heldBackTitle: 'Without heart rate',
    heldBackText:
      'These runs came in without heart rate, as you have not agreed to keeping it. The files that hold it were not kept.',
    againText:
      'From now on your heart rate is kept. Import the same files again, and these runs get theirs.',
    again: 'Import again',
    done: 'Your heart rate is kept from now on.',
    withdraw: 'Keep it no longer',
    withdrawTitle: 'Keep your heart rate no longer?',
    goes: 'What goes, and does not come back:',
    recordings: (count: number) =>
      plural(count, {
        one: 'the heart rate of one recording',
        other: 'the heart rate of # recordings',
      }),
    files: (count: number) =>
      plural(count, {
        one: 'the file it came in, which holds it, too',
        other: 'the # files they came in, which hold it, too',
      }),
    figures: 'every figure that was made of it: means, zones, load, effects of songs',
    stays: 'Your runs, ways, times and songs stay, and so does what you typed about yourself.',
    withdrawn: 'No heart rate is kept any more. What was there is being deleted.',
  },
  retention: {
    title: 'How long seconds are kept',
    text: 'A run has figures, songs and a little map, which stay until you delete it. And it has its seconds: where you were and how fast at each of them. Those can go earlier.',
    live: 'Days to keep the raw seconds of live workouts',
    liveHint: (least: string, most: string) =>
      `As your treadmill sent them, beside the run that was made of them. ${least} to ${most} days.`,
    streams: 'Seconds of your runs',
    always: 'Until I delete them',
    limited: 'For a time',
    days: 'Days after the run',
    daysHint: (least: string, most: string) =>
      `${least} to ${most} days. With them go the files that they came in.`,
    workoutsKept: (count: number) =>
      plural(count, { one: 'One workout has raw seconds', other: '# workouts have raw seconds' }),
    runsKept: (count: number) =>
      plural(count, { one: 'One run has its seconds', other: '# runs have their seconds' }),
    due: (count: number) =>
      plural(count, { one: 'one of them goes at once', other: '# of them go at once' }),
    next: (at: string) => `the next ones go on ${at}`,
    never: 'none of them go',
    save: 'Save',
    saved: 'Saved.',
    askTitle: 'Delete seconds within the hour?',
    askWorkouts: (count: number) =>
      plural(count, {
        one: 'the raw seconds of one workout',
        other: 'the raw seconds of # workouts',
      }),
    askRuns: (count: number) =>
      plural(count, {
        one: 'the seconds of one run, and its file',
        other: 'the seconds of # runs, and their files',
      }),
    askStays:
      'They do not come back. Distances, times, means, songs and the little maps stay; the lines over time and the big map go.',
    ask: 'Delete and save',
  },
  policy: {
    title: 'Where it came from, and what may be done with it',
    text: 'What you have in files is yours. What comes straight from a service comes under its terms, and BeatRunner keeps to them.',
    none: 'Nothing is here yet.',
    others: 'What else could come',
    recordings: (count: number) => plural(count, { one: 'One recording', other: '# recordings' }),
    plays: (count: number) => plural(count, { one: 'one play', other: '# plays' }),
    untilDeleted: 'Kept until you delete it',
    keptDays: (count: number) => plural(count, { one: 'Kept for a day', other: 'Kept for # days' }),
    combined: 'used for all your answers',
    alone: 'never put together with anything else',
    shown: 'others see what you show them',
    onlyYou: 'only you see it',
    noAi: 'no AI may ever see it',
    sources: {
      file: 'Files of yours',
      strava_export: 'Strava, bulk export',
      strava_api: 'Strava, connected',
      garmin_export: 'Garmin, account export',
      apple_health: 'Apple Health',
      spotify_export: 'Spotify, “Download your data”',
      spotify_account: 'Spotify, the short export',
      spotify_api: 'Spotify, connected',
      lastfm: 'Last.fm',
      listenbrainz: 'ListenBrainz',
      apple_music: 'Apple Music',
      youtube_music: 'YouTube Music',
      manual: 'What you typed',
      live: 'Workouts with BeatRunner',
    },
  },
  erasure: {
    title: 'Delete your account',
    text: 'Everything goes: runs, music, files, what you wrote and made, and the account itself.',
    grace: (days: number) =>
      days === 0
        ? 'It happens at once.'
        : plural(days, {
            one: 'You have a day in which you may think better of it.',
            other: 'You have # days in which you may think better of it.',
          }),
    exportFirst: 'If you want to keep anything, export it first.',
    start: 'Delete everything',
    askTitle: 'Delete your account and everything in it?',
    goes: [
      'all runs, workouts and the files you imported',
      'all music, playlists, experiments and insights',
      'links and public runs, devices, tokens and ways to sign in',
    ],
    ends: 'You are signed out everywhere at once, and nobody sees the runs you shared any more. Nothing is deleted yet: sign in again and come back here if you think better of it. The day is said next.',
    action: 'Delete my account',
    asked: (at: string) => `Everything goes on ${at}. Sign in before then to call it off.`,
    waiting: (at: string) => `Your account and everything in it go on ${at}.`,
    waitingText:
      'Until then everything works as before, so export what you want to keep. But others see none of your runs, and tokens for scripts are gone already. You can still keep your account, by the button at the top; after that day nobody can bring it back.',
    callOff: 'Keep my account',
    calledOff: 'Your account stays.',
  },
};
