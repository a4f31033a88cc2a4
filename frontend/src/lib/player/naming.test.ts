import { expect, it } from 'vitest';
import { foundAmong } from './naming.ts';

const song = (title: string, artist: string, key = title) => ({ title, artist, key });

it('finds songs in the order that is wanted, however they are written', () => {
  const songs = [song('Run', 'AC/DC'), song('Café', 'Mono'), song('Other', 'Else')];
  const wanted = [song('café ', 'MONO'), song('Run!', 'AC DC'), song('Gone', 'Else')];
  expect(foundAmong(songs, wanted).map(({ key }) => key)).toEqual(['Café', 'Run']);
});

it('keeps apart what differs by artist, and plays nothing twice', () => {
  const songs = [song('Run', 'One', 'first'), song('Run', 'One', 'again'), song('Run', 'Two', 'b')];
  const wanted = [song('Run', 'Two'), song('Run', 'One'), song('RUN', 'one')];
  expect(foundAmong(songs, wanted).map(({ key }) => key)).toEqual(['b', 'first']);
});
