/** The sound of an alarm: two tones, loud, until silenced. It has a clock of its own: music may be paused. */

const TONES_HZ = [880, 660];
const TONE_S = 0.35;

export class Siren {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Within a press of a button: browsers allow no sound before one. */
  unlock(): void {
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#wail();
    this.#timer = setInterval(() => this.#wail(), 2 * TONE_S * 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #wail(): void {
    navigator.vibrate?.([300, 100, 300]);
    // Where sound is allowed by now, although this page was not touched since it was loaded.
    if (navigator.userActivation?.hasBeenActive) this.unlock();
    const context = this.#context;
    if (context?.state !== 'running') return;
    TONES_HZ.forEach((frequency_hz, i) => {
      const at_s = context.currentTime + i * TONE_S;
      const tone = new OscillatorNode(context, { type: 'square', frequency: frequency_hz });
      const gain = new GainNode(context, { gain: 0.25 });
      tone.connect(gain).connect(context.destination);
      tone.start(at_s);
      tone.stop(at_s + TONE_S * 0.9);
    });
  }
}
