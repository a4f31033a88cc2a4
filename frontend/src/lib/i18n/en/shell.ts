/** The frame around every page, and words that many pages share. */
export const shell = {
  product: 'BeatRunner',
  pageTitle: (page: string) => `${page} · BeatRunner`,
  skipToContent: 'Skip to the content',
  navigation: 'Main',
  home: 'Home',
  runs: 'Runs',
  import: 'Import',
  settings: 'Settings',
  loading: 'Loading',
  retry: 'Try again',
  close: 'Close',
  notifications: 'Notifications',
  dropTitle: 'Drop to import',
  dropText: 'Files and folders, runs and listening history: BeatRunner finds out which is which.',
  demoNote: 'You are looking at the demo runner.',
  demoLeave: 'Leave the demo',
  notFound: {
    title: 'There is nothing here',
    text: 'The address may be mistyped, or what it showed has been deleted.',
    action: 'Go to Home',
  },
  broken: {
    title: 'This page stopped working',
    text: 'Your runs are safe. Load the page again; if it stops again, please report what you did.',
    action: 'Load again',
  },
};
