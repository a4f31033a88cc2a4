/** Short messages about what has just happened, shown over any page. */

import { problemWords } from '#lib/api/problem.ts';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'problem';
  action?: { label: string; href?: string; run?: () => void };
}

const SHOWN_MS = 6000;
/** To think about whether to take something back. */
const WITH_ACTION_MS = 12_000;

class Toasts {
  list = $state.raw<Toast[]>([]);
  #last = 0;

  show(text: string, options: Partial<Pick<Toast, 'tone' | 'action'>> = {}): void {
    const toast: Toast = { id: ++this.#last, text, tone: 'plain', ...options };
    // Said again, it replaces what was said before.
    this.list = [...this.list.filter((other) => other.text !== text), toast];
    setTimeout(() => this.close(toast.id), toast.action ? WITH_ACTION_MS : SHOWN_MS);
  }

  /** For actions without a place of their own for errors. */
  showProblem(error: unknown): void {
    const { title, advice } = problemWords(error);
    this.show(`${title}. ${advice}`, { tone: 'problem' });
  }

  /** Does something, and says so when it fails. */
  async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.showProblem(error);
    }
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
