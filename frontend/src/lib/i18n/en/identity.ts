/** Codes, passwords, passkeys: what one meets when signing in and in the settings alike. */
export const identity = {
  code: 'Code',
  codeLeft: (minutes: string) => `Good for ${minutes} more.`,
  codeOver: 'This code has come to its end. Ask for a new one.',
  codeAgain: 'Send a new code',
  codeAgainDone: 'A new code is on its way; the one before opens nothing any more.',
  codeNone: 'Nothing came? Look among unwanted mail, and whether the address is right.',

  outboxTitle: 'Mail that was not sent',
  outboxText:
    'This BeatRunner has no mail server, so mails stay here. You see them because you sit at its computer.',
  outboxWaiting: 'The mail is being written…',
  outboxTo: (address: string) => `To ${address}`,

  passwordHint: (least: number) => `At least ${least} characters; a sentence is best.`,
  passwordShort: (left: number) =>
    left === 1 ? 'One character is missing.' : `${left} characters are missing.`,
  showPassword: 'Show the password',
  hidePassword: 'Hide the password',

  passkeysUnable: 'Passkeys need https and an address with a name, which this one is not.',
  passkeysAtLocalhost: 'At this computer they work under this address:',

  authenticatorCode: 'Code of your authenticator app',
  authenticatorHint: 'Six digits, new every 30 seconds.',
  recoveryCode: 'Recovery code',
  recoveryHint: 'One of those you kept. Each works once.',
  toRecovery: 'Use a recovery code',
  toAuthenticator: 'Use the authenticator app',

  confirm: {
    title: 'Is it you?',
    text: 'Before this is changed, show that nobody else is sitting at your screen. For ten minutes you are not asked again.',
    how: 'Show it by',
    by: { computer: 'Your computer', password: 'Password', passkey: 'Passkey', code: 'Code' },
    action: {
      computer: 'It is me',
      password: 'It is me',
      passkey: 'Use a passkey',
      code: 'It is me',
    },
    computerText: 'You sit at the computer BeatRunner runs on: a press is enough.',
    passkeyText: 'Your device asks for your finger, your face or its own code.',
    none: 'Sign out and in again: then you need not be asked.',
  },
};
