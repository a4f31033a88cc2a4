/** Chance that nobody can foresee, which is what an experiment needs. */

const RANGE = 2 ** 32;

/** Any of 0 to n - 1, each as likely. */
export function below(n: number): number {
  // Above the highest multiple of n, the lower ones would be likelier.
  const limit = RANGE - (RANGE % n);
  for (;;) {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1));
    if (drawn < limit) return drawn % n;
  }
}
