import { ConnectorError } from '../errors/connector-error.ts';
import { Secret } from '../model/secret.ts';
import { fromBase64, toBase64Url } from './base64.ts';
import type { SealKey } from './key-ring.ts';

const version = 'sealed1';
const utf8 = new TextEncoder();

/**
 * Encrypts a secret with AES-256-GCM. Returns `sealed1.<key id>.<salt>.<ciphertext>`. Key and nonce are derived for each
 * message (HKDF-SHA256 with a random 256-bit salt), so no nonce is used twice with one key. `context` identifies the
 * owner of the secret: with another context or header, the secret cannot be decrypted.
 */
export async function seal(key: SealKey, secret: Secret, context: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const header = `${version}.${key.id}`;
  const { messageKey, algorithm } = await derive(key, salt, `${header}|${context}`);
  const bytes = await crypto.subtle.encrypt(algorithm, messageKey, utf8.encode(secret.reveal()));
  return `${header}.${toBase64Url(salt)}.${toBase64Url(new Uint8Array(bytes))}`;
}

/** Decrypts the result of `seal`. Throws VAULT_UNREADABLE if the text, the context or the key was changed. */
export async function unseal(keys: readonly SealKey[], sealed: string, context: string): Promise<Secret> {
  const [form, id, saltText, bodyText, ...rest] = sealed.split('.');
  const key = keys.find((candidate) => candidate.id === id);
  const salt = fromCanonicalBase64(saltText);
  const body = fromCanonicalBase64(bodyText);
  if (form !== version || key === undefined || salt === undefined || body === undefined || rest.length > 0) {
    throw unreadable();
  }
  const { messageKey, algorithm } = await derive(key, salt, `${form}.${id}|${context}`);
  try {
    const bytes = await crypto.subtle.decrypt(algorithm, messageKey, body);
    return new Secret(new TextDecoder().decode(bytes));
  } catch {
    throw unreadable();
  }
}

/** Returns the id of the key of a sealed text, or undefined if the text has another format. */
export function readKeyId(sealed: string): string | undefined {
  const [form, id] = sealed.split('.');
  return form === version ? id : undefined;
}

async function derive(key: SealKey, salt: Uint8Array<ArrayBuffer>, context: string) {
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt, info: utf8.encode(version) };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(hkdf, key.key, (32 + 12) * 8));
  const usages = ['encrypt', 'decrypt'] as const;
  return {
    messageKey: await crypto.subtle.importKey('raw', bits.subarray(0, 32), 'AES-GCM', false, [...usages]),
    algorithm: { name: 'AES-GCM', iv: bits.subarray(32), additionalData: utf8.encode(context) },
  };
}

/** Accepts only the base64 text that `seal` writes, because other encodings of the same bytes are changes too. */
function fromCanonicalBase64(text: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  const bytes = text === undefined ? undefined : fromBase64(text);
  return bytes !== undefined && toBase64Url(bytes) === text ? bytes : undefined;
}

function unreadable(): ConnectorError {
  return new ConnectorError('VAULT_UNREADABLE', 'A stored secret cannot be decrypted.');
}
