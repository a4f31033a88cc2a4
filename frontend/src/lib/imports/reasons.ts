/** The sentence under a file of an import. */

import type { ImportFile } from '#lib/api/types.ts';
import { t } from '#lib/i18n/index.ts';

export function reasonWords(
  file: Pick<ImportFile, 'outcome' | 'reason' | 'message' | 'listens_added'>,
): string {
  const known = t.refusals as Record<string, string>;
  const plays = file.listens_added ? t.imports.plays(file.listens_added) : '';
  if (file.reason !== null) {
    const why = known[file.reason] ?? file.message ?? '';
    return plays ? `${plays}. ${why}` : why;
  }
  if (file.outcome === 'skipped') return t.imports.skippedText;
  if (file.outcome === 'opened') return t.imports.openedText;
  if (file.outcome === 'already_there') return t.imports.alreadyThereText;
  return plays;
}
