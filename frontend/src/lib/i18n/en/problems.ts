/** Errors: what happened, what is safe, what to do. By the last word of the problem's type. */
export const problems = {
  away: {
    title: 'BeatRunner is not answering',
    advice: 'Your runs are safe on its disk. Check that it is running, then try again.',
  },
  failed: {
    title: 'BeatRunner stumbled',
    advice: 'Nothing was lost. Try again in a moment; its log says what went wrong.',
  },
  unexpected: {
    title: 'That did not work',
    advice: 'Nothing was changed. Try again, or load the page anew.',
  },
  passkeyFailed: {
    title: 'The passkey could not be used',
    advice: 'Your device or browser gave up on it. Try again, or take another way in.',
  },
  passkeyKnown: {
    title: 'This device holds a passkey of yours already',
    advice: 'There is nothing to add. To make a new one, remove the old one first.',
  },
  quota: (minutes: number) => ({
    title: 'BeatRunner needs a rest from you',
    advice: `It was asked more often than it allows in an hour. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}; nothing was lost.`,
  }),
  byType: {
    'confirm-first': {
      title: 'Nothing was changed',
      advice: 'It is done only after you have shown that it is you.',
    },
    'wrong-credentials': {
      title: 'E-mail or password is not right',
      advice: 'Check both and try again.',
    },
    'wrong-code': {
      title: 'This code does not fit',
      advice: 'Check it, or take a new one. Each works once, and only for a while.',
    },
    'code-missing': {
      title: 'A code is needed besides',
      advice: 'Your account has a second factor by now. Load the page again, and type both.',
    },
    'password-missing': {
      title: 'Your password is needed besides',
      advice: 'Your account has one by now. Load the page again, and type both.',
    },
    'wrong-passkey': {
      title: 'This passkey does not open anything here',
      advice: 'It may have been removed from the account. Take another way in.',
    },
    'ticket-over': { title: 'That took too long', advice: 'Begin with your password again.' },
    'not-erasing': {
      title: 'Your account is not about to go',
      advice: 'It was called off already, or the deletion has begun. Load the page again.',
    },
    'computer-closed': {
      title: 'This computer is no way in any more',
      advice: 'Whose it is closed that door. Sign in by e-mail or passkey.',
    },
    'account-disabled': {
      title: 'This account has been closed',
      advice: 'Ask whoever runs this BeatRunner. Nothing in it was deleted.',
    },
    'address-taken': {
      title: 'This address has an account by now',
      advice: 'Sign in with it, or take another address.',
    },
    'last-way-in': {
      title: 'This is your only way in',
      advice: 'Add another before you remove it.',
    },
    'no-passkeys-here': {
      title: 'Passkeys do not work under this address',
      advice: 'They need https with a name, or localhost: not the number of a computer.',
    },
    'too-many-passkeys': {
      title: 'There are too many passkeys',
      advice: 'Remove one that you no longer use.',
    },
    'passkey-known': {
      title: 'This passkey is in use already',
      advice: 'There is nothing to add.',
    },
    'second-factor-is-on': {
      title: 'An authenticator app is set up already',
      advice: 'Turn it off first to take another one.',
    },
    'second-factor-is-off': {
      title: 'No authenticator app is set up',
      advice: 'Load the page again and begin anew.',
    },
    'short-password': {
      title: 'Your password is too short to stand alone',
      advice: 'Take a longer one first; then the second step can go.',
    },
    'too-many-tokens': {
      title: 'There are too many tokens',
      advice: 'Revoke one that you no longer use.',
    },
    'too-many-zones': {
      title: 'There are too many zones',
      advice: 'Delete one that you no longer need.',
    },
    'no-email': {
      title: 'A password goes with an e-mail address',
      advice: 'Add an address first, under Settings → Sign-in & security.',
    },
    demo: {
      title: 'The demo runner belongs to everybody',
      advice: 'Make an account of your own for this.',
    },
    'weak-password': {
      title: 'This password is too easy to guess',
      advice: 'Take a longer one that is not in common use. A sentence is fine.',
    },
    'stolen-password': {
      title: 'This password was stolen somewhere',
      advice: 'It is tried everywhere since, so take another one, here and wherever you use it.',
    },
    'registration-closed': {
      title: 'New accounts are not open here',
      advice: 'Ask whoever runs this BeatRunner to let you in.',
    },
    'invitation-over': {
      title: 'This invitation is no longer good',
      advice:
        'Each opens once, for a week, and the newest alone. If you have made your account, sign in; if not, ask whoever runs this BeatRunner for another.',
    },
    'not-this-computer': {
      title: 'This works only at the computer BeatRunner runs on',
      advice: 'Sign in by e-mail and password instead.',
    },
    'demo-closed': {
      title: 'The demo runner is not open here',
      advice: 'It works at the computer BeatRunner runs on.',
    },
    'not-signed-in': { title: 'You are signed out', advice: 'Sign in again to go on.' },
    'not-found': {
      title: 'This is not here',
      advice: 'It may have been deleted, or belongs to another runner.',
    },
    'too-many-requests': {
      title: 'Too many tries',
      advice: 'Wait a minute, then try again.',
    },
    'disk-full': {
      title: 'The disk is full',
      advice: 'Free some space on it, then try again. What is there is safe.',
    },
    'database-busy': {
      title: 'The database is busy',
      advice: 'Something else holds it. Try again in a moment; nothing was changed.',
    },
    'database-away': {
      title: 'The database does not answer',
      advice: 'Check that it is running, then try again.',
    },
    validation: {
      title: 'Something in the form cannot be right',
      advice: 'Check what you typed and try again.',
    },
    'too-large': {
      title: 'That is more than BeatRunner accepts at once',
      advice: 'Drop fewer files at a time. Nothing was changed.',
    },
    refused: {
      title: 'This cannot be accepted as it is',
      advice: 'Check what you typed and try again.',
    },
    'no-song-fits': {
      title: 'No song of yours fits these steps',
      advice: 'Try others, or let the tempo of more songs be known.',
    },
    conflict: {
      title: 'This contradicts what is already there',
      advice: 'Load the page again to see how things are now.',
    },
    'only-for-you': {
      title: 'This run cannot be shown to others',
      advice: 'The service it came from lets nobody but you see it.',
    },
    'nothing-to-show': {
      title: 'Nothing of this run is left to show',
      advice:
        'Around its ends some hundred metres are hidden, and about a kilometre where your runs often start. This run did not get beyond. Settings → Privacy shows what is hidden.',
    },
    'too-many-links': {
      title: 'There are too many live links',
      advice: 'Withdraw some under Settings, Shared runs.',
    },
    'link-gone': {
      title: 'This link does not open anything',
      advice: 'It may have been withdrawn, or have come to its end.',
    },
    'wrong-phone-ticket': {
      title: 'This code does not open anything any more',
      advice:
        'Each is good for one phone and five minutes. Take a new one: on the computer, Settings, Your phone.',
    },
    'not-owner': {
      title: 'Phones join the account of this computer’s owner',
      advice: 'Sign in by “This is my computer” first.',
    },
    'not-at-home': {
      title: 'BeatRunner answers in its home network alone',
      advice: 'Join the Wi-Fi of its computer.',
    },
    'no-files': { title: 'There was no file', advice: 'Choose at least one file.' },
    'length-required': {
      title: 'The upload did not say how long it is',
      advice: 'Something between this page and BeatRunner changed it. Nothing was imported.',
    },
    forbidden: {
      title: 'This is not allowed from here',
      advice: 'Open BeatRunner on the computer it runs on.',
    },
  },
};
