/** While BeatRunner's computer sleeps, and after it got a new version. */
export const offline = {
  kept: (at: string) =>
    `You are seeing what was there at ${at}. BeatRunner’s computer does not answer, so nothing can be changed now.`,
  retry: 'Try again',
  newVersion: 'A new version of BeatRunner is ready.',
  reload: 'Load it',
};
