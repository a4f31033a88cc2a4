import { plural } from './plural.ts';

export const songs = (count: number) => plural(count, { one: '1 song', other: '# songs' });
export const runs = (count: number) => plural(count, { one: '1 run', other: '# runs' });
export const plays = (count: number) => plural(count, { one: '1 play', other: '# plays' });
