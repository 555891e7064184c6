import { ConnectorError } from '../errors/connector-error.ts';
import { Secret } from '../model/secret.ts';
import { fromBase64, toBase64Url } from './base64.ts';

/** A master key: it cannot be read out again, only derived from. */
export interface SealKey {
  readonly id: string;
  readonly key: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
}

/** All keys that may have sealed something; the first seals from now on. */
export type KeyRing = readonly [current: SealKey, ...older: SealKey[]];

/**
 * Where master keys live: a file, an environment variable, a key management service. The text has one key per
 * line (or comma), newest first, as `<id>:<base64 of 32 bytes>`.
 */
export interface KeyProvider {
  load(): Promise<Secret | undefined>;
  /** Keeps the first key, where this provider can. When somebody else was faster, theirs stays. */
  create?(keys: Secret): Promise<void>;
  /** Puts a new key above those it has, where this provider can; none is lost when two do so at the same time. */
  prepend?(key: Secret): Promise<void>;
}

/** 43 characters of base64 are exactly 32 bytes. */
const keyLine = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/;

/** Reads the text of a KeyProvider. Faults are SETTING_INVALID and repeat nothing of the text. */
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
    throw invalidKeys(`Vault key number ${index + 1} is not <id>:<base64 of 32 bytes>.`);
  }
  return { id, key: await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits']) };
}

/** A new key as one line of text; put it first to seal with it from now on. */
export function generateKey(): Secret {
  const id = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, '0'));
  return new Secret(`${id.join('')}:${toBase64Url(crypto.getRandomValues(new Uint8Array(32)))}`);
}

function invalidKeys(problem: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', problem, {
    advice:
      'Give one key per line, newest first, as <id>:<base64 of 32 bytes>; `openssl rand -base64 32` makes one.',
  });
}
