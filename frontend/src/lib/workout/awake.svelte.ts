/** Keeps the screen from going dark while a page is open. */

export class Awake {
  /** The browser cannot do it here: too old, or the page came over plain http. */
  isRefused = $state(false);

  #lock: WakeLockSentinel | null = null;

  /** Hold until the returned function is called. Browsers let go when the page is hidden. */
  hold(): () => void {
    const ask = () => {
      if (document.visibilityState === 'visible') void this.#ask();
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      document.removeEventListener('visibilitychange', ask);
      void this.#lock?.release();
      this.#lock = null;
    };
  }

  async #ask(): Promise<void> {
    try {
      this.#lock = await navigator.wakeLock.request('screen');
      this.isRefused = false;
    } catch {
      this.isRefused = true;
    }
  }
}
