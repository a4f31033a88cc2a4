import { describe, expect, it } from 'vitest';
import {
  fromBase64Url,
  isDeclined,
  isName,
  plainCredential,
  toBase64Url,
  withBytes,
} from './passkeys.ts';

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;

describe('bytes as base64url', () => {
  it.each([[[]], [[0]], [[251, 255]], [[251, 255, 190, 0]]])('%j comes back', (values) => {
    const text = toBase64Url(bytes(...values));
    expect(text).not.toMatch(/[+/=]/);
    expect([...new Uint8Array(fromBase64Url(text))]).toEqual(values);
  });
});

describe('browsers that do not translate', () => {
  it('get bytes for the challenge, the user and every credential', () => {
    const options = withBytes({
      challenge: '-_8',
      user: { id: 'AQI', name: 'ada@example.org' },
      excludeCredentials: [{ id: 'Aw', type: 'public-key' }],
      timeout: 1,
    });
    expect(options).toMatchObject({ timeout: 1, allowCredentials: [] });
    expect(options.challenge).toEqual(bytes(251, 255));
    expect(options.user).toEqual({ id: bytes(1, 2), name: 'ada@example.org' });
    expect(options.excludeCredentials).toEqual([{ id: bytes(3), type: 'public-key' }]);
  });

  it('are asked for each part of their answer that is there', () => {
    const credential = {
      id: 'AQ',
      rawId: bytes(1),
      type: 'public-key',
      authenticatorAttachment: 'platform',
      response: {
        clientDataJSON: bytes(2),
        authenticatorData: bytes(3),
        signature: bytes(4),
        userHandle: null,
      },
      getClientExtensionResults: () => ({}),
    } as unknown as PublicKeyCredential;
    expect(plainCredential(credential)).toEqual({
      id: 'AQ',
      rawId: 'AQ',
      type: 'public-key',
      authenticatorAttachment: 'platform',
      response: { clientDataJSON: 'Ag', authenticatorData: 'Aw', signature: 'BA' },
      clientExtensionResults: {},
    });
  });
});

it('knows which addresses have a name', () => {
  expect(['localhost', 'runs.example.org', 'r2.local'].every(isName)).toBe(true);
  expect(['127.0.0.1', '192.168.1.4', '[::1]'].some(isName)).toBe(false);
});

it('tells a closed question from a fault', () => {
  expect(isDeclined(new DOMException('', 'NotAllowedError'))).toBe(true);
  expect(isDeclined(new DOMException('', 'SecurityError'))).toBe(false);
  expect(isDeclined(new Error('NotAllowedError'))).toBe(false);
});
