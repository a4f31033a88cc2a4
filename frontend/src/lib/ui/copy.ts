import { t } from '#lib/i18n/index.ts';
import { toasts } from './toasts.svelte.ts';

/** Copies the text; without https there is no clipboard, and then `otherwise` selects it. */
export async function copyText(text: string, otherwise: () => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.show(t.shell.copied);
  } catch {
    otherwise();
  }
}

/** Selects what an element shows, to be copied by hand. */
export function selectWords(element: HTMLElement | null | undefined): void {
  if (element) getSelection()?.selectAllChildren(element);
}
