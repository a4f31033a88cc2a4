/**
 * Passkeys: what the browser is asked for, and what it answers, as JSON.
 *
 * Browsers translate between JSON and their own values by themselves; older ones leave that to the
 * page. Fields of bytes travel as base64url.
 */

type Json = Record<string, unknown>;

/** They belong to the name of a server: a number, like 127.0.0.1, has none. */
export const isName = (hostname: string): boolean => !/^[\d.]+$|^\[/.test(hostname);

export const canUsePasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && isSecureContext && isName(location.hostname);

/** Whether the browser offers passkeys beside the addresses it fills in. */
export async function canOfferPasskeys(): Promise<boolean> {
  if (!canUsePasskeys()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}

/** Whether somebody closed the browser's question, or it waited too long: no fault to speak of. */
export const isDeclined = (error: unknown): boolean =>
  error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name);

export async function makePasskey(options: Json): Promise<Json> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON
    ? PublicKeyCredential.parseCreationOptionsFromJSON(options as never)
    : (withBytes(options) as unknown as PublicKeyCredentialCreationOptions);
  return asJson(await navigator.credentials.create({ publicKey }));
}

/** With `waiting` the browser shows nothing until somebody picks a passkey where it fills in. */
export async function askPasskey(options: Json, waiting?: AbortSignal): Promise<Json> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON
    ? PublicKeyCredential.parseRequestOptionsFromJSON(options as never)
    : (withBytes(options) as unknown as PublicKeyCredentialRequestOptions);
  return asJson(
    await navigator.credentials.get({
      publicKey,
      ...(waiting && { mediation: 'conditional', signal: waiting }),
    }),
  );
}

function asJson(credential: Credential | null): Json {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('', 'NotAllowedError');
  return (credential.toJSON ? credential.toJSON() : plainCredential(credential)) as Json;
}

/** The options with bytes where JSON has base64url. */
export function withBytes(options: Json): Json {
  const described = (list: unknown) =>
    ((list ?? []) as { id: string }[]).map((one) => ({ ...one, id: fromBase64Url(one.id) }));
  const user = options.user as { id: string } | undefined;
  return {
    ...options,
    challenge: fromBase64Url(options.challenge as string),
    ...(user && { user: { ...user, id: fromBase64Url(user.id) } }),
    excludeCredentials: described(options.excludeCredentials),
    allowCredentials: described(options.allowCredentials),
  };
}

/** A credential as JSON, for browsers without `toJSON`. */
export function plainCredential(credential: PublicKeyCredential): Json {
  const { response } = credential;
  const answer: Json = { clientDataJSON: toBase64Url(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    const value = (response as unknown as Json)[name];
    if (value instanceof ArrayBuffer) answer[name] = toBase64Url(value);
  }
  if ('getTransports' in response) {
    answer.transports = (response as AuthenticatorAttestationResponse).getTransports();
  }
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    response: answer,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

export function toBase64Url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function fromBase64Url(text: string): ArrayBuffer {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
}
