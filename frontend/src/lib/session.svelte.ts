/** Who is signed in, and how they want to see things. The one place that holds the client. */

import { Client } from '#lib/api/client.ts';
import { ServerAway } from '#lib/api/problem.ts';
import type {
  DemoSession,
  Profile,
  ProfileChange,
  Session as SessionAnswer,
  ThemeChoice,
  Units,
} from '#lib/api/types.ts';
import { confirming } from '#lib/identity/confirming.svelte.ts';
import { askPasskey } from '#lib/identity/passkeys.ts';
import type { SecondFactorTicket } from '#lib/identity/types.ts';
import { KeptAnswers } from '#lib/offline/kept.ts';
import { reach } from '#lib/offline/reach.svelte.ts';

const THEME_KEY = 'beatrunner.theme';
/** How long the server may take to say who this is, where somebody was signed in the last time. */
const PATIENCE_MS = 8000;

const kept = new KeptAnswers({ caches: globalThis.caches, storage: localStorage });

export const api = new Client({
  fetch: (...words) => fetch(...words),
  memory: kept,
  // Browsers offer locks on https and on this computer; elsewhere one page is assumed.
  exclusively: async (work) =>
    'locks' in navigator ? await navigator.locks.request('beatrunner.refresh', work) : await work(),
});

class CurrentSession {
  /** "starting" until the server has said whether the cookie is still good. */
  state = $state<'starting' | 'signed-out' | 'signed-in'>('starting');
  profile = $state.raw<Profile | null>(null);
  /** Signed out on purpose: the next to sign in may be someone else, and starts at Home. */
  isLeft = false;
  /** An import that began by signing in: the demo runner's. */
  startedImport = $state.raw<string | null>(null);

  #systemIsDark = $state(false);
  /** The theme of the last visit, so that the first paint already has it. */
  readonly #lastTheme = localStorage.getItem(THEME_KEY) as ThemeChoice | null;

  constructor() {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    this.#systemIsDark = dark.matches;
    dark.addEventListener('change', () => (this.#systemIsDark = dark.matches));
    api.onSignedOut = () => this.#forget();
    api.confirm = confirming.ask;
    api.onKept = (at_ms) => reach.showKept(at_ms);
  }

  get units(): Units {
    return this.profile?.units ?? 'km';
  }

  /** The zone that days and weeks are counted in. */
  get timeZone(): string {
    return this.profile?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  /** The theme on the screen now: the runner's choice, or the system's. */
  get theme(): 'light' | 'dark' {
    const chosen = this.profile?.theme ?? this.#lastTheme ?? 'system';
    return chosen === 'system' ? (this.#systemIsDark ? 'dark' : 'light') : chosen;
  }

  /** Take up the session of an earlier visit, if the cookie still carries one. */
  async start(): Promise<void> {
    try {
      const answer = await this.#patiently(api.refresh());
      if (answer) await this.#enter(answer);
      else this.#forget();
      reach.back();
    } catch (error) {
      const profile = error instanceof ServerAway ? await kept.find('/v1/profile') : null;
      if (profile === null) throw error;
      // What was read before is still there to be read.
      reach.showKept(profile.at_ms);
      this.#show(profile.value as Profile);
      this.state = 'signed-in';
    }
  }

  /** Not broken off: a refresh whose answer is lost would look like a copied token later. */
  #patiently<T>(answer: Promise<T>): Promise<T> {
    if (!kept.hasOwner) return answer;
    const away = new Promise<never>((_, give) =>
      setTimeout(() => give(new ServerAway()), PATIENCE_MS),
    );
    return Promise.race([answer, away]);
  }

  /** The ticket that asks for the second factor, where the account has one. */
  async signIn(email: string, password: string): Promise<SecondFactorTicket | null> {
    const answer = await api.post<SessionAnswer | SecondFactorTicket>('/v1/auth/sign-in', {
      email,
      password,
    });
    if ('ticket' in answer) return answer;
    await this.#enter(answer);
    return null;
  }

  /** With a code of the authenticator app, or one for recovery. */
  async giveSecondFactor(ticket: string, code: string): Promise<void> {
    await this.#enter(await api.post<SessionAnswer>('/v1/auth/second-factor', { ticket, code }));
  }

  /** With the code that was mailed: this makes the account. */
  async finishRegistration(registration_id: string, code: string): Promise<void> {
    await this.#enter(
      await api.post<SessionAnswer>('/v1/auth/register/verify', { registration_id, code }),
    );
  }

  /** An invitation makes the account at once: its link stands in for a code. */
  async acceptInvitation(token: string, password: string, display_name: string): Promise<void> {
    const words = { token, password, display_name };
    await this.#enter(await api.post<SessionAnswer>('/v1/auth/invitation/accept', words));
  }

  /** With `waiting`, when somebody picks a passkey where the browser fills in an address. */
  async usePasskey(waiting?: AbortSignal): Promise<void> {
    const { options } = await api.post<{ options: Record<string, unknown> }>(
      '/v1/auth/passkey/options',
    );
    const credential = await askPasskey(options, waiting);
    await this.#enter(await api.post<SessionAnswer>('/v1/auth/passkey', { credential }));
  }

  async claimComputer(): Promise<void> {
    await this.#enter(await api.post<SessionAnswer>('/v1/auth/this-computer'));
  }

  /** By the ticket of a QR code. */
  async enterByPhone(ticket: string): Promise<void> {
    await this.#enter(await api.post<SessionAnswer>('/v1/auth/phone', { ticket }));
  }

  async tryDemo(): Promise<void> {
    const answer = await api.post<DemoSession>('/v1/auth/demo');
    this.startedImport = answer.import_id;
    await this.#enter(answer);
  }

  async signOut(): Promise<void> {
    await api.post('/v1/auth/sign-out');
    this.isLeft = true;
    this.#forget();
  }

  async change(change: ProfileChange): Promise<void> {
    this.#show(await api.patch<Profile>('/v1/profile', change));
  }

  /** After something outside the profile has changed what it shows. */
  async reload(): Promise<void> {
    this.#show(await api.get<Profile>('/v1/profile'));
  }

  async #enter(answer: SessionAnswer): Promise<void> {
    api.adopt(answer);
    await kept.belongTo(answer.account.id);
    await this.reload();
    this.isLeft = false;
    this.state = 'signed-in';
  }

  #show(profile: Profile): void {
    this.profile = profile;
    localStorage.setItem(THEME_KEY, profile.theme);
  }

  #forget(): void {
    api.adopt(null);
    void kept.clear();
    this.profile = null;
    this.startedImport = null;
    this.state = 'signed-out';
  }
}

export const session = new CurrentSession();
