/** What travels between these pages and the routes of the ways in. */

import type { components } from '#lib/api/schema.d.ts';

type Schemas = components['schemas'];

export type AccessToken = Schemas['TokenAnswer'];
export type Outbox = Schemas['OutboxAnswer'];
export type PasswordReset = Schemas['StartedReset'];
export type MadeAccessToken = Schemas['MadeTokenAnswer'];
export type MadePasskey = Schemas['PasskeyId'];
export type RecoveryCodes = Schemas['RecoveryCodes'];
export type Registration = Schemas['StartedRegistration'];
export type Scope = Schemas['Scope'];
export type SecondFactorTicket = Schemas['TicketAnswer'];
export type SecurityEvent = Schemas['SecurityEventAnswer'];
export type SecurityEventPage = Schemas['SecurityEventPage'];
export type SignIn = Schemas['SignInAnswer'];
export type TotpSecret = Schemas['TotpSetUp'];

/** A code is on its way to a new address. */
export interface EmailChange {
  change_id: string;
  expires_at: string;
}

export interface Passkey {
  id: string;
  label: string | null;
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
