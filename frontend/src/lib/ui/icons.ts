/** Paths of the icons, drawn as 1.6 px lines on a 24 px square. */
export const ICONS = {
  home: 'M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z',
  runs: 'M3 15h4l3-8 4 12 3-7 1.5 3H21',
  insights: 'M4 20V4m0 16h16M8 15l4-5 3 3 5-7',
  import: 'M12 4v11m0 0-4-4m4 4 4-4M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3',
  settings:
    'M4 7h9m4 0h3M4 12h3m4 0h9M4 17h9m4 0h3M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM9 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4Zm6 5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4 4',
  filter: 'M4 6h16M7 12h10M10 18h4',
  close: 'm6 6 12 12M18 6 6 18',
  up: 'M12 19V5m0 0-6 6m6-6 6 6',
  down: 'M12 5v14m0 0 6-6m-6 6-6-6',
  next: 'm9 5 7 7-7 7',
  back: 'm15 5-7 7 7 7',
  music:
    'M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Zm10-2a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z',
  folder: 'M4 7a1 1 0 0 1 1-1h5l2 2h7a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z',
  file: 'M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm7 0v5h5',
  treadmill: 'M3 19h18M4 15.5h12.5M17 19l2.5-13H15',
  bridge: 'M4 17v-6a8 8 0 0 1 16 0v6M4 17h16M8.5 17v-5a3.5 3.5 0 0 1 7 0v5',
  shoe: 'M3 18v-8l3 2 2-3 5 5 6 1.5a2 2 0 0 1 2 2V18z',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  warning: 'M12 4 2.8 19.5h18.4zM12 10v4.5m0 2.5v.1',
  computer: 'M4 5h16v11H4zm5 15h6m-3-4v4',
  play: 'M8 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  skip: 'M6 5v14l9-7zM18 5v14',
  previous: 'M18 5v14l-9-7zM6 5v14',
  check: 'm5 13 4.5 4.5L19 7',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  heart: 'M12 20S4 15 4 9.3A4.2 4.2 0 0 1 12 7a4.2 4.2 0 0 1 8 2.3C20 15 12 20 12 20Z',
  download: 'M12 4v11m0 0-4-4m4 4 4-4M5 20h14',
  beat: 'M4 12h3l2-6 4 13 3-10 1.5 3H20',
  signOut: 'M14 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h8m-3-7h9m0 0-3.5-3.5M20 12l-3.5 3.5',
} as const;

export type IconName = keyof typeof ICONS;
