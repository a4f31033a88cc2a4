/** Finding songs by their names, which sources write a little differently. */

export interface Named {
  readonly title: string;
  readonly artist: string;
}

/** Letters and digits alone, in small letters. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

const keyOf = ({ title, artist }: Named): string => `${plain(artist)}\n${plain(title)}`;

/** Of the wanted ones those that are among the songs, in the order wanted, each once. */
export function foundAmong<Song extends Named>(
  songs: readonly Song[],
  wanted: readonly Named[],
): Song[] {
  const byKey = new Map(songs.toReversed().map((song) => [keyOf(song), song]));
  const found = wanted.flatMap((name) => byKey.get(keyOf(name)) ?? []);
  return [...new Set(found)];
}
