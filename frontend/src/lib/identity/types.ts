/** What travels between these pages and the routes of the ways in. */

import type { components } from '#lib/api/schema.d.ts';

type Schemas = components['schemas'];

export type AccessToken = Schemas['TokenAnswer'];
export type MadeAccessToken = Schemas['MadeTokenAnswer'];
export type MadePasskey = Schemas['PasskeyId'];
export type RecoveryCodes = Schemas['RecoveryCodes'];
export type Scope = Schemas['Scope'];
export type SecondFactorTicket = Schemas['TicketAnswer'];
export type SecurityEvent = Schemas['SecurityEventAnswer'];
export type SecurityEventPage = Schemas['SecurityEventPage'];
export type SignIn = Schemas['SignInAnswer'];
export type TotpSecret = Schemas['TotpSetUp'];

/** A code is on its way by mail; whoever shows it also shows the id, which stays in this browser. */
export interface Registration {
  registration_id: string;
  expires_at: string;
}

export interface PasswordReset {
  reset_id: string;
  expires_at: string;
}

export interface EmailChange {
  change_id: string;
  expires_at: string;
}

export interface Passkey {
  id: string;
  label: string;
  created_at: string;
  used_at: string | null;
}

export interface WaysIn {
  email: string | null;
  email_verified: boolean;
  has_password: boolean;
  passkeys: Passkey[];
  totp: { is_on: boolean; recovery_codes_left: number };
  this_computer: boolean;
}

/** A mail that this computer did not send, for want of a mail server. */
export interface OutboxMail {
  at: string;
  to: string;
  subject: string;
  text: string;
}
