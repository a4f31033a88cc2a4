/** How runs felt: asked in one tap, and told as satisfaction with the runs BeatRunner led. */
export const felt = {
  ask: 'How did it feel?',
  askDriven: 'Did the speed feel right?',
  /** On the home page, days later. */
  askAbout: (name: string, day: string) => `How did ${name} feel? (${day})`,
  answers: { too_easy: 'Too easy', right: 'Right', too_hard: 'Too hard' },
  thanks: 'Noted. Tap again to take it back, or another to change it.',
  title: 'Did your runs feel right?',
  driven: 'Led by BeatRunner',
  free: 'All others',
  none: 'nothing told yet',
  few: (right: number, told: number) => `${right} of ${told} felt right so far`,
  share: (share: string) => `${share} % felt right`,
  range: (low: string, high: string) => `(probably ${low} to ${high} % of such runs do)`,
  tooEasy: (runs: number) => `${runs} too easy`,
  tooHard: (runs: number) => `${runs} too hard`,
  how: 'Each run’s own page takes your word in one tap, also later.',
};
