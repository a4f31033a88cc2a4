/**
 * The socket of a workout: says hello, answers pulses, and comes back after a break.
 *
 * Nothing is kept for later while there is no connection: a wish that arrives late is a surprise on a
 * moving belt. `send` says whether it went out, and what must not be lost is told again on `onOpen`.
 */

import { isFinal, CLOSED, PROTOCOL, type FromRunner, type FromServer } from './messages.ts';

export type SocketState = 'connecting' | 'open' | 'lost' | 'closed';

/** The part of WebSocket that is used. */
export type Wire = Pick<
  WebSocket,
  'onopen' | 'onmessage' | 'onclose' | 'readyState' | 'send' | 'close'
>;

export interface SocketParts {
  open: (url: string) => Wire;
  token: () => string | null;
  /** Get a new access token; false when the runner is signed out. */
  renew: () => Promise<boolean>;
  random?: () => number;
}

const FIRST_PAUSE_MS = 300;
const MOST_PAUSE_MS = 8000;
/** The server speaks every second: after this long without a word the line is dead. */
const SILENT_MS = 7000;
const OPEN = 1;

export class LiveSocket {
  state: SocketState = 'connecting';
  onState: (state: SocketState, code: number | null) => void = () => undefined;
  onMessage: (message: FromServer) => void = () => undefined;

  #wire: Wire | null = null;
  #pause_ms = FIRST_PAUSE_MS;
  #again: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #wasRenewed = false;
  readonly #url: string;
  readonly #parts: Required<SocketParts>;

  constructor(url: string, parts: SocketParts) {
    this.#url = url;
    this.#parts = { random: Math.random, ...parts };
  }

  connect(): void {
    clearTimeout(this.#again);
    if (this.state !== 'lost') this.#show('connecting');
    const wire = this.#parts.open(this.#url);
    this.#wire = wire;
    wire.onopen = () => {
      const token = this.#parts.token() ?? '';
      wire.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, role: 'runner', token }));
    };
    wire.onmessage = ({ data }) => this.#take(wire, String(data));
    wire.onclose = ({ code }) => this.#closed(wire, code);
    this.#listen(wire);
  }

  /** Send now; false when there is no connection to send over. */
  send(message: FromRunner): boolean {
    if (this.state !== 'open' || this.#wire?.readyState !== OPEN) return false;
    this.#wire.send(JSON.stringify(message));
    return true;
  }

  close(): void {
    clearTimeout(this.#again);
    clearTimeout(this.#watch);
    const wire = this.#wire;
    this.#wire = null;
    wire?.close(1000);
    this.#show('closed');
  }

  #take(wire: Wire, text: string): void {
    if (wire !== this.#wire) return;
    this.#listen(wire);
    const message = JSON.parse(text) as FromServer;
    if (message.type === 'pulse') {
      wire.send(JSON.stringify({ type: 'pulse_back', sent_ms: message.sent_ms }));
      return;
    }
    if (message.type === 'welcome') {
      this.#pause_ms = FIRST_PAUSE_MS;
      this.#wasRenewed = false;
      this.#show('open');
    }
    this.onMessage(message);
  }

  /** A connection can die without a close event: the phone left the house. */
  #listen(wire: Wire): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      wire.close();
      this.#closed(wire, CLOSED.silent);
    }, SILENT_MS);
  }

  #closed(wire: Wire, code: number): void {
    if (wire !== this.#wire) return;
    this.#wire = null;
    clearTimeout(this.#watch);
    if (isFinal(code)) this.#show('closed', code);
    else if (code === CLOSED.unauthenticated) void this.#enterAnew(code);
    else this.#comeBack(code);
  }

  /** An access token lasts minutes, a workout an hour. A fresh one that is refused too is the end. */
  async #enterAnew(code: number): Promise<void> {
    if (this.#wasRenewed) return this.#show('closed', code);
    this.#wasRenewed = true;
    this.#show('lost', code);
    try {
      if (await this.#parts.renew()) this.connect();
      else this.#show('closed', code);
    } catch {
      this.#wasRenewed = false;
      this.#comeBack(code);
    }
  }

  /** Half of each pause is chance, so that all pages do not come back in the same moment. */
  #comeBack(code: number): void {
    this.#show('lost', code);
    const pause_ms = this.#pause_ms * (0.5 + 0.5 * this.#parts.random());
    this.#pause_ms = Math.min(this.#pause_ms * 2, MOST_PAUSE_MS);
    this.#again = setTimeout(() => this.connect(), pause_ms);
  }

  #show(state: SocketState, code: number | null = null): void {
    this.state = state;
    this.onState(state, code);
  }
}
