/** The runner's phone in the home network. */
export const phone = {
  title: 'Your phone',
  closedTitle: 'Your phone cannot reach BeatRunner yet',
  closedText:
    'BeatRunner answers this computer alone. To look at your runs and follow a workout on a phone in the same Wi-Fi, stop it and start it with',
  command: 'beatrunner serve --lan',
  noNetworkTitle: 'No home network is in reach',
  noNetworkText: 'Join the Wi-Fi that your phone is in, then try again.',
  joinTitle: 'Let a phone in',
  join: 'Open your phone’s camera on the code. It signs that phone in to your account, once.',
  elsewhere: 'Codes are shown on the computer BeatRunner runs on, and only there.',
  warning:
    'The phone’s browser will warn that it does not know who vouches for this computer: nobody does but itself. Go on all the same (“Details”, then “Visit this website”, or “Advanced”, then “Proceed”).',
  show: 'Show a code',
  again: 'Show a new code',
  hide: 'Hide it',
  code: 'Code for your phone',
  under: 'Address',
  left: (minutes: string) => `Good for ${minutes} more, and for one phone.`,
  over: 'This code has come to its end.',
  trustTitle: 'To install it as an app',
  trustText:
    'Without more, every page works after the warning. To install BeatRunner on the home screen, and to see your last runs while this computer sleeps, the phone has to trust this computer. That takes a minute, on the phone:',
  trustLink: 'How a phone comes to trust this computer',
  fingerprint: 'Fingerprint of this computer’s authority (SHA-256)',
  compare:
    'Compare it with what the phone shows before you trust it: the same signs mean that nobody in between gave the phone something else.',

  entering: 'Signing this phone in…',
  enterTitle: 'Your phone',
  noTicketTitle: 'This phone needs a code',
  noTicketText:
    'On the computer that BeatRunner runs on, open Settings, Your phone, and point this phone’s camera at the code there.',
  home: 'To my runs',
  inTitle: 'This phone is signed in',
  inText: 'It stays so for a month after each visit.',

  trustPage: 'Trust this computer',
  trustWhy:
    'BeatRunner runs on a computer in your home, for which no public authority vouches. It made an authority of its own, which can vouch for addresses in home networks and for nothing else: no other web page gains anything by it.',
  trustNot:
    'You need not do this: every page works without. Only the app on the home screen, the last runs while the computer sleeps and, on an iPhone, a live workout need it.',
  appleTitle: 'iPhone and iPad',
  appleFile: 'Get the profile',
  appleSteps: [
    'Get the profile with the button, in Safari, and allow the download.',
    'Open Settings. Under your name stands “Profile Downloaded”: open it.',
    'Open “More Details” and compare the fingerprint with the one below. Then press Install.',
    'Settings, General, About, Certificate Trust Settings: turn BeatRunner on.',
    'Open BeatRunner in Safari again. Share, then “Add to Home Screen”.',
  ],
  androidTitle: 'Android',
  androidFile: 'Get the certificate',
  androidSteps: [
    'Get the certificate with the button.',
    'Open Settings and search for “CA certificate” (Security, Encryption and credentials, Install a certificate).',
    'Android warns that a network may be watched: this authority can vouch for home networks alone. Install anyway, and choose the file.',
    'Under “User credentials” or “Trusted credentials, User”, compare the fingerprint with the one below.',
    'Open BeatRunner in Chrome again. The menu, then “Install app”.',
  ],
  remove:
    'To take it back: on an iPhone, Settings, General, VPN & Device Management; on Android, Trusted credentials, User.',
  notHere: 'BeatRunner is not open to the home network, so there is nothing to trust.',
};
