import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Loader } from './loader.svelte.ts';

describe('a loader', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks again and again, but waits for answers that are slower than its pace', async () => {
    let asked = 0;
    const loader = new Loader(async () => {
      const number = ++asked;
      await new Promise((resolve) => setTimeout(resolve, 2500));
      return number;
    });
    const stop = loader.every(1000);
    await vi.advanceTimersByTimeAsync(3600);
    expect([asked, loader.value]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toBe(2);
    stop();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([asked, loader.value]).toEqual([2, 2]);
  });

  it('stays far below the requests of an hour, however long it is left open', async () => {
    let asked = 0;
    const loader = new Loader(() => Promise.resolve(++asked));
    const stop = loader.every(1500);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked).toBe(20);
    await vi.advanceTimersByTimeAsync(3_600_000 - 30_000);
    stop();
    expect(asked).toBeLessThan(350);
  });

  it('asks for nobody', async () => {
    let asked = 0;
    const loader = new Loader(() => Promise.resolve(++asked));
    const shown = { hidden: true };
    vi.stubGlobal('document', shown);
    const stop = loader.every(1000);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBe(0);
    shown.hidden = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toBe(1);
    stop();
    vi.unstubAllGlobals();
  });

  it('keeps the answer to the last question', async () => {
    const waits_ms = [2000, 1000];
    const loader = new Loader(async () => {
      const wait_ms = waits_ms.shift() ?? 0;
      await new Promise((resolve) => setTimeout(resolve, wait_ms));
      return wait_ms;
    });
    void loader.load();
    void loader.load();
    await vi.advanceTimersByTimeAsync(3000);
    expect([loader.value, loader.isLoading]).toEqual([1000, false]);
  });
});
