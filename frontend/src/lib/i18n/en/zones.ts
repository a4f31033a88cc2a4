import { plural } from './plural.ts';

/** Places that others never see, and who may see a run. */
export const zones = {
  title: 'Privacy zones',
  heading: 'Places that others never see',
  text: 'Draw a circle around your home, your work or a friend’s. Nothing of any run is shown in it to others: not by a link, not in a public run, not in a picture, and not of the runs you shared before. You still see everything.',
  howMuch: 'How much is hidden',
  more: 'BeatRunner hides more than you draw, up to about 1.4 km beyond the circle, and never with your door in the middle. Otherwise somebody with many of your runs could work out where they all begin.',
  always:
    'Where more than one of your runs starts or ends, BeatRunner puts a zone for you. Elsewhere the first and last 250 to 450 m or so of each run are hidden.',
  add: 'Add a zone here',
  added: 'From now on nothing is shown there.',
  map: 'Map of your zones',
  mapHelp:
    'Click where the cross is to go. Drag a zone by its middle. With the keyboard: arrow keys move the map, + and − zoom; on a zone they move it by 10 m, with Shift by 100 m.',
  tooFar: 'Zoom in until the cross is at the right house.',
  withStreets: 'To see streets here, enter a street map in the settings',
  notFound: 'Your browser did not say where you are. Zoom in by hand.',
  noMap: 'The map cannot be shown in this browser. The fields below do the same.',
  newName: (number: number) => (number === 1 ? 'Home' : `Place ${number}`),
  name: 'Name',
  radius: 'Radius',
  radiusOf: (metres: string) => `${metres} in every direction`,
  latitude: 'Latitude',
  longitude: 'Longitude',
  handle: (name: string) => `Move ${name}`,
  show: 'Show on the map',
  saved: 'Saved. It counts at once, also for what you shared before.',
  remove: 'Delete',
  removeTitle: (name: string) => `Delete ${name}?`,
  removeText:
    'Others then see what it hid, but for the ends of each run, and for where more than one run starts or ends.',
  keep: 'Keep it',
  removed: 'Deleted.',

  found: 'Hidden for you',
  foundText:
    'More than one of your runs starts or ends there. Draw a zone over such a place if it is to be larger.',
  foundRuns: (count: number) =>
    plural(count, { one: 'One run starts or ends here', other: '# runs start or end here' }),
  letSee: 'Let others see it',
  letSeeTitle: 'Let others see this place?',
  letSeeText:
    'Where you live or work should stay hidden: from several runs people can work out the door. This is for a park or a stadium where you only run.',
  keepHidden: 'Keep it hidden',
  letSeen: 'From now on others see this place in your shared runs, but for the ends.',
  shownName: (number: number) => `Place ${number}`,
  seen: 'others see it',
  hideAgain: 'Hide it again',
  hidden: 'From now on nothing is shown there.',

  who: 'Who can see this run',
  private: 'Only you',
  public: 'Anybody',
  privateText: 'Only you see it, and whoever has a link that you made.',
  publicText:
    'Anybody who has the address sees it, without your zones, its ends, your heart rate and the time of day.',
  address: 'Its address',
  madePublic: 'Anybody can see this run now.',
  madePrivate: 'Only you can see this run now.',
  preview: 'See it as others do',
  notPublic: 'There is no such run to see',
  notPublicText: 'It may have been made private again.',
};
