import { ConnectorError } from '../errors/connector-error.ts';
import { Secret } from '../model/secret.ts';
import { fromBase64, toBase64Url } from './base64.ts';

/** A master key. Its bytes cannot be exported; other keys are derived from it. */
export interface SealKey {
  readonly id: string;
  readonly key: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
}

/** All keys of a vault. The first one seals new secrets; the older ones open existing secrets. */
export type KeyRing = readonly [current: SealKey, ...older: SealKey[]];

/**
 * Loads and stores the master keys: in a file, an environment variable, or a key management service. The text has one
 * key per line (or separated by commas), newest first, in the form `<id>:<base64 of 32 bytes>`.
 */
export interface KeyProvider {
  load(): Promise<Secret | undefined>;
  /** Stores the first key, if this provider can store keys. An existing key must not be overwritten. */
  create?(keys: Secret): Promise<void>;
  /** Adds a new key before the others, if this provider can store keys. Concurrent calls must not lose a key. */
  prepend?(key: Secret): Promise<void>;
}

/** 43 characters of base64 are exactly 32 bytes. */
const keyLine = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/;

/** Parses the text of a KeyProvider. Throws SETTING_INVALID, without any part of the text. */
export async function parseKeyRing(text: Secret): Promise<KeyRing> {
  const lines = text
    .reveal()
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const keys = await Promise.all(lines.map(importKey));
  const [current, ...older] = keys;
  if (current === undefined) throw invalidKeys('The vault has no key.');
  if (new Set(keys.map(({ id }) => id)).size !== keys.length)
    throw invalidKeys('Two vault keys have the same id.');
  return [current, ...older];
}

async function importKey(entry: string, index: number): Promise<SealKey> {
  const [, id, encoded] = keyLine.exec(entry) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (id === undefined || bytes === undefined) {
    throw invalidKeys(`Vault key number ${index + 1} does not have the form <id>:<base64 of 32 bytes>.`);
  }
  return { id, key: await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits']) };
}

/** Generates a key as one line of text. */
export function generateKey(): Secret {
  const id = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, '0'));
  return new Secret(`${id.join('')}:${toBase64Url(crypto.getRandomValues(new Uint8Array(32)))}`);
}

function invalidKeys(problem: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', problem, {
    advice:
      'Use one line per key, newest first, in the form <id>:<base64 of 32 bytes>. `openssl rand -base64 32` generates a key.',
  });
}
