import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deck, type DeckContext } from './deck.ts';
import type { Playing, Prepared } from './source.ts';

class FakeContext {
  currentTime = 100;
  state = 'running' as const;
  destination = {} as AudioDestinationNode;
  suspend = () => Promise.resolve();
  resume = () => Promise.resolve();
  createGain = () =>
    ({
      gain: { setTargetAtTime: () => undefined },
      connect: () => undefined,
      disconnect: () => undefined,
    }) as unknown as GainNode;
}

class FakeSong implements Prepared {
  starts: { at_s: number; from_s: number }[] = [];
  until_s = 0;
  ended = 0;
  readonly duration_s: number;

  constructor(duration_s: number) {
    this.duration_s = duration_s;
  }

  start(_: AudioNode, at_s: number, from_s: number): Playing {
    this.starts.push({ at_s, from_s });
    return { schedule: (until_s) => (this.until_s = until_s), end: () => this.ended++ };
  }
}

function setUp() {
  const context = new FakeContext();
  const deck = new Deck(context as unknown as DeckContext);
  const advances: (Prepared | null)[] = [];
  deck.onAdvance = (song) => advances.push(song);
  const run = (to_s: number) => {
    while (context.currentTime < to_s - 1e-9) {
      context.currentTime = Math.min(to_s, context.currentTime + 0.2);
      deck.tick();
    }
  };
  return { context, deck, advances, run };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a deck', () => {
  it('starts the next song on the very moment the present one ends', () => {
    const { deck, advances, run } = setUp();
    const [first, second] = [new FakeSong(30), new FakeSong(20)];
    deck.play(first);
    deck.setNext(second);
    run(125);
    expect(second.starts).toEqual([]);
    run(129);
    expect(second.starts).toEqual([{ at_s: first.starts[0].at_s + 30, from_s: 0 }]);
    expect(advances).toEqual([]);
    run(131);
    expect(advances).toEqual([second]);
    expect(deck.position_s).toBeCloseTo(131 - second.starts[0].at_s);
  });

  it('commits ahead what a sleeping page could not', () => {
    const { deck, context } = setUp();
    const song = new FakeSong(30);
    deck.play(song);
    expect(song.until_s).toBeGreaterThanOrEqual(context.currentTime + 2);
  });

  it('takes another next song even when the first was about to begin', () => {
    const { deck, advances, run } = setUp();
    const [first, second, third] = [new FakeSong(30), new FakeSong(20), new FakeSong(20)];
    deck.play(first);
    deck.setNext(second);
    run(129);
    deck.setNext(third);
    expect(second.ended).toBe(1);
    run(131);
    expect(advances).toEqual([third]);
  });

  it('says so when nothing follows', () => {
    const { deck, advances, run } = setUp();
    deck.play(new FakeSong(5));
    run(106);
    expect(advances).toEqual([null]);
    expect(deck.position_s).toBe(0);
  });

  it('begins in the middle', () => {
    const { deck, advances, run } = setUp();
    const song = new FakeSong(30);
    deck.play(song, 25);
    expect(song.starts[0].from_s).toBe(25);
    expect(deck.position_s).toBeCloseTo(25, 0);
    run(106);
    expect(advances).toEqual([null]);
  });
});
