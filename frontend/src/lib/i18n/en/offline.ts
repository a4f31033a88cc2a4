/** While BeatRunner's computer sleeps, and after it got a new version. */
export const offline = {
  kept: (at: string) =>
    `BeatRunner’s computer does not answer. You see what was there at ${at}, and nothing can be changed now.`,
  notKept: {
    title: 'This is not kept on this device',
    advice: 'Your last pages are. This one comes when BeatRunner’s computer answers again.',
  },
  retry: 'Try again',
  newVersion: 'A new version of BeatRunner is ready.',
  reload: 'Load it',
};
