import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSED } from './messages.ts';
import { LiveSocket, type Wire } from './socket.ts';

class FakeWire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  isClosed = false;

  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close() {
    this.isClosed = true;
    this.readyState = 3;
  }

  opens() {
    this.readyState = 1;
    this.onopen?.();
  }

  says(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  breaks(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

function setUp(renew: () => Promise<boolean> = () => Promise.resolve(true)) {
  const wires: FakeWire[] = [];
  const states: string[] = [];
  let tokens = 0;
  const socket = new LiveSocket('ws://here/ws/workout/1', {
    open: () => {
      const wire = new FakeWire();
      wires.push(wire);
      return wire as unknown as Wire;
    },
    token: () => `token-${++tokens}`,
    renew,
    random: () => 1,
  });
  socket.onState = (state, code) => states.push(code === null ? state : `${state} ${code}`);
  socket.connect();
  return { socket, wires, states };
}

function enter(wire: FakeWire) {
  wire.opens();
  wire.says({ type: 'welcome' });
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a workout’s socket', () => {
  it('says hello first, with the token of now', () => {
    const { socket, wires } = setUp();
    expect(socket.send({ type: 'stop' })).toBe(false);
    wires[0].opens();
    expect(wires[0].sent).toEqual([
      { type: 'hello', protocol: 1, role: 'runner', token: 'token-1' },
    ]);
    // Connected is not yet let in.
    expect(socket.send({ type: 'stop' })).toBe(false);
    wires[0].says({ type: 'welcome' });
    expect(socket.send({ type: 'stop' })).toBe(true);
    expect(wires[0].sent[1]).toEqual({ type: 'stop' });
  });

  it('answers pulses itself and hands on the rest', () => {
    const { socket, wires } = setUp();
    const heard: string[] = [];
    socket.onMessage = (message) => heard.push(message.type);
    enter(wires[0]);
    wires[0].says({ type: 'pulse', sent_ms: 42, controller_age_s: null });
    wires[0].says({ type: 'ended', activity_id: null });
    expect(wires[0].sent[1]).toEqual({ type: 'pulse_back', sent_ms: 42 });
    expect(heard).toEqual(['welcome', 'ended']);
  });

  it('comes back after growing pauses, and soon again once it was let in', () => {
    const { wires, states } = setUp();
    wires[0].breaks();
    vi.advanceTimersByTime(299);
    expect(wires).toHaveLength(1);
    vi.advanceTimersByTime(1);
    wires[1].breaks();
    vi.advanceTimersByTime(599);
    expect(wires).toHaveLength(2);
    vi.advanceTimersByTime(1);
    enter(wires[2]);
    wires[2].breaks();
    vi.advanceTimersByTime(300);
    expect(wires).toHaveLength(4);
    expect(states).toEqual(['connecting', 'lost 1006', 'lost 1006', 'open', 'lost 1006']);
  });

  it('keeps nothing that was asked for while it was away', () => {
    const { socket, wires } = setUp();
    enter(wires[0]);
    wires[0].breaks();
    expect(socket.send({ type: 'nudge', speed_kmh: 1, incline_pct: 0 })).toBe(false);
    vi.advanceTimersByTime(300);
    enter(wires[1]);
    expect(wires[1].sent.map(({ type }) => type)).toEqual(['hello']);
  });

  it('takes silence for a break, and no word of the old line after that', () => {
    const { socket, wires } = setUp();
    const heard: string[] = [];
    socket.onMessage = (message) => heard.push(message.type);
    enter(wires[0]);
    vi.advanceTimersByTime(6999);
    expect(socket.state).toBe('open');
    vi.advanceTimersByTime(1);
    expect(socket.state).toBe('lost');
    expect(wires[0].isClosed).toBe(true);
    wires[0].says({ type: 'ended', activity_id: 'late' });
    wires[0].breaks();
    vi.advanceTimersByTime(300);
    expect(wires).toHaveLength(2);
    expect(heard).toEqual(['welcome']);
  });

  it('gets a new token once when the old one ran out', async () => {
    const renew = vi.fn(() => Promise.resolve(true));
    const { wires, socket } = setUp(renew);
    wires[0].opens();
    wires[0].breaks(CLOSED.unauthenticated);
    await vi.advanceTimersByTimeAsync(0);
    wires[1].opens();
    expect(wires[1].sent[0].token).toBe('token-2');
    wires[1].breaks(CLOSED.unauthenticated);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(socket.state).toBe('closed');
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it('tries on when the server could not be asked for a token', async () => {
    const { wires } = setUp(() => Promise.reject(new Error('away')));
    wires[0].breaks(CLOSED.unauthenticated);
    await vi.advanceTimersByTimeAsync(300);
    expect(wires).toHaveLength(2);
  });

  it.each([CLOSED.missing, CLOSED.forbidden, CLOSED.over, CLOSED.replaced, CLOSED.malformed])(
    'stays away after %i',
    (code) => {
      const { socket, wires } = setUp();
      enter(wires[0]);
      wires[0].breaks(code);
      vi.advanceTimersByTime(60_000);
      expect(wires).toHaveLength(1);
      expect(socket.state).toBe('closed');
    },
  );

  it('stays away when the page leaves', () => {
    const { socket, wires } = setUp();
    enter(wires[0]);
    socket.close();
    vi.advanceTimersByTime(60_000);
    expect(wires).toHaveLength(1);
    expect(wires[0].isClosed).toBe(true);
  });
});
