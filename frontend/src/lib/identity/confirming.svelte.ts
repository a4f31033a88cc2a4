/**
 * Asking who is there, before something is changed about how one signs in.
 *
 * The server wants to have seen within ten minutes that it is still the runner. When it has not, the
 * client waits here until `ConfirmDialog` has asked, and repeats what it was about to do. However many
 * requests wait, the runner is asked once.
 */

class Confirming {
  /** Somebody waits: the dialog is to be shown. */
  isAsking = $state(false);

  #answer: Promise<boolean> | null = null;
  #tell: (isConfirmed: boolean) => void = () => undefined;

  /** Resolves to whether it was confirmed. */
  ask = (): Promise<boolean> => {
    this.#answer ??= new Promise((resolve) => {
      this.#tell = resolve;
      this.isAsking = true;
    });
    return this.#answer;
  };

  /** What the dialog came to. */
  finish(isConfirmed: boolean): void {
    this.isAsking = false;
    this.#answer = null;
    this.#tell(isConfirmed);
  }
}

export const confirming = new Confirming();
