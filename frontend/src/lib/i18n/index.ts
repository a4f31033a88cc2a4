/**
 * All text of the pages. `t.home.title` is a sentence, `t.runs.count(3)` a sentence with figures.
 *
 * A language is one object of the shape of `en`: the type checker finds what a translation lacks.
 * English is the only one now; a second is chosen here, once, before the first page is drawn.
 */

import { en, type Messages } from './en/index.ts';

export const t: Messages = en;

/** For dates and numbers: the reader's own English where they have one. */
export const locale: string =
  globalThis.navigator?.languages?.find((language) => /^en\b/i.test(language)) ?? 'en-GB';
