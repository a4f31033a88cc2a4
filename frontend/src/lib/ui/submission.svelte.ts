/** What a form or a button does: once at a time, with an error that stays until it is tried again. */
export class Submission {
  isBusy = $state(false);
  error = $state.raw<unknown>(null);

  readonly #work: () => Promise<unknown>;
  readonly #onfail: (error: unknown) => void;

  constructor(work: () => Promise<unknown>, onfail: (error: unknown) => void = () => undefined) {
    this.#work = work;
    this.#onfail = onfail;
  }

  submit = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    if (this.isBusy) return;
    this.isBusy = true;
    this.error = null;
    try {
      await this.#work();
    } catch (error) {
      this.error = error;
      this.#onfail(error);
    } finally {
      this.isBusy = false;
    }
  };
}
