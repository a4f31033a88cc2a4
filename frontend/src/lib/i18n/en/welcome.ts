export const welcome = {
  title: 'Welcome',
  headline: 'Every run has a soundtrack. See yours.',
  sentence:
    'BeatRunner puts your runs and your listening history on one clock: every song, where it played, and what your legs and heart did to it.',
  private: 'It runs on your own computer, works offline, and sends your runs to nobody.',
  tryDemo: 'Try the demo runner',
  tryDemoText: 'Six months of an invented runner’s training, with invented songs.',
  tryDemoBusy: 'Writing the demo runner’s files. This takes a few seconds…',
  thisComputer: 'This is my computer',
  thisComputerText:
    'No password needed: only someone at this computer can do this. Your heart rate is kept here with your runs; Settings, Your data, ends that.',
  signIn: 'Sign in',
  signInInstead: 'With e-mail or a passkey',
  passkey: 'Sign in with a passkey',
  email: 'E-mail',
  password: 'Password',
  toForgotten: 'Forgotten your password?',
  toRegister: 'New here? Make an account',
  toSignIn: 'Have an account? Sign in',
  back: 'Back to signing in',

  register: 'Make an account',
  displayName: 'Name',
  displayNameHint: 'What BeatRunner calls you.',
  registerNext: 'Send me a code',
  noMail:
    'This BeatRunner cannot send mail yet. Accounts are made, and passwords renewed, by a code that comes by mail. Ask whoever runs it to set a mail server up; in the meantime they can let you in themselves.',

  byInvitation:
    'New accounts are made by invitation here. Whoever runs this BeatRunner can send you one.',
  closed: 'No new accounts are made here.',

  invitationTitle: 'You are invited',
  invitationText: (email: string) => `Your account will have the address ${email}.`,
  invitationAction: 'Make my account',
  invitationNone: 'Open this page by the whole link of your invitation.',

  linkTitle: 'A new password',
  linkOver: 'This link is no longer good',
  linkOverText:
    'Each opens once, for a day, and the newest alone. Ask whoever runs this BeatRunner for another.',
  linkNone: 'Open this page by the whole link that you were given.',
  linkDoneTitle: 'Your password is new',
  linkDone:
    'All devices are signed out, and all access tokens for scripts are revoked. Passkeys still sign in.',

  codeTitle: 'Look into your mail',
  codeText: (email: string) =>
    `If ${email} can have an account here, a code of eight digits is on its way to it.`,
  codeAction: 'Make my account',
  otherAddress: 'Take another address',

  secondTitle: 'One more step',
  secondText: 'Your account asks for a second sign that it is you.',
  secondOver: 'That took too long. Sign in again.',

  forgottenTitle: 'A new password',
  forgottenText:
    'Say your address. If it has an account, a code comes by mail with which you choose a new password.',
  forgottenAction: 'Send me a code',
  resetText: (email: string) =>
    `If ${email} has an account here, a code of eight digits is on its way to it.`,
  newPassword: 'New password',
  resetAction: 'Take this password',
  resetDone:
    'Your password is new. All devices are signed out, and all access tokens for scripts are revoked. Sign in with it.',
  resetNote: 'This signs out all devices and revokes all access tokens for scripts. Passkeys stay.',
};
