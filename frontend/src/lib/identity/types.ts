/** What travels between these pages and the routes of the ways in. */

import type { components } from '#lib/api/schema.d.ts';

type Schemas = components['schemas'];

export type AccessToken = Schemas['TokenAnswer'];
export type EmailChange = Schemas['StartedEmailChange'];
export type Invitation = Schemas['InvitationAnswer'];
export type MadeAccessToken = Schemas['MadeTokenAnswer'];
export type MadePasskey = Schemas['PasskeyId'];
export type Outbox = Schemas['OutboxAnswer'];
export type Passkey = Schemas['PasskeyAnswer'];
export type PasswordReset = Schemas['StartedReset'];
export type RecoveryCodes = Schemas['RecoveryCodes'];
export type Registration = Schemas['StartedRegistration'];
export type Scope = Schemas['Scope'];
export type SecondFactorTicket = Schemas['TicketAnswer'];
export type SecurityEvent = Schemas['SecurityEventAnswer'];
export type SecurityEventPage = Schemas['SecurityEventPage'];
export type SignIn = Schemas['SignInAnswer'];
export type TotpSecret = Schemas['TotpSetUp'];
export type WaysIn = Schemas['WaysIn'];
