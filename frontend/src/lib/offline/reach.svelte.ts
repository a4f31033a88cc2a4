/** Whether BeatRunner's computer answers, and since when what is shown is old. */

class Reach {
  /** When the oldest of what is shown was given by the server; null while it answers. */
  since_ms = $state<number | null>(null);
  /** Counts the times that it came back: what was shown meanwhile is to be asked for again. */
  returns = $state(0);

  showKept(at_ms: number): void {
    this.since_ms = Math.min(at_ms, this.since_ms ?? Infinity);
  }

  /** It answers again. */
  back(): void {
    if (this.since_ms === null) return;
    this.since_ms = null;
    this.returns++;
  }
}

export const reach = new Reach();
