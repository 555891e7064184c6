import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock, StateStore } from '../model/runtime-services.ts';
import { Secret } from '../model/secret.ts';
import { toBase64Url } from './base64.ts';
import { seal, unseal } from './seal.ts';

/** A sign-in that waits for its callback. */
export interface PendingSignIn {
  readonly redirectUri: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Identifies authority, app and scopes. It must be the same when the sign-in is finished. */
  readonly purpose: string;
  /** The host's session of the browser that started the sign-in. */
  readonly session?: string;
}

const prefix = 'sign-in/';
const lifetimeMs = 10 * 60_000;

/** Stores a sign-in for ten minutes, encrypted with a key derived from `state`, which only the browser has. */
export async function savePendingSignIn(
  { store, clock }: { readonly store: StateStore; readonly clock: Clock },
  state: string,
  pending: PendingSignIn,
): Promise<void> {
  await deleteExpired(store, clock);
  const sealed = await seal(await deriveKey(state), new Secret(JSON.stringify(pending)), prefix);
  await store.set(await stateKey(state), JSON.stringify({ expiresAt: clock.now() + lifetimeMs, sealed }));
}

/**
 * Removes a sign-in from the store and returns it. A second call with the same state (a replay) throws SIGN_IN_INVALID,
 * and so does a state that is unknown or older than ten minutes.
 */
export async function takePendingSignIn(
  { store, clock }: { readonly store: StateStore; readonly clock: Clock },
  state: string,
): Promise<PendingSignIn> {
  const key = await stateKey(state);
  const row = await store.get(key);
  // Only one of two concurrent callers can replace this version. With a delete alone, both would succeed.
  if (row === undefined || !(await store.replace(key, '{}', row.version))) {
    throw new ConnectorError(
      'SIGN_IN_INVALID',
      'There is no sign-in for this state. It was started in another store, was already used, or has expired.',
    );
  }
  await store.delete(key);
  const { expiresAt, sealed } = JSON.parse(row.value) as { expiresAt: number; sealed: string };
  if (clock.now() >= expiresAt) {
    throw new ConnectorError('SIGN_IN_INVALID', 'The sign-in took longer than ten minutes.');
  }
  const text = await unseal([await deriveKey(state)], sealed, prefix);
  return JSON.parse(text.reveal()) as PendingSignIn;
}

async function deleteExpired(store: StateStore, clock: Clock): Promise<void> {
  for (const key of await store.keys(prefix)) {
    const row = await store.get(key);
    const { expiresAt } = JSON.parse(row?.value ?? '{}') as { expiresAt?: number };
    if (expiresAt !== undefined && expiresAt <= clock.now()) await store.delete(key);
  }
}

async function stateKey(state: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(state));
  return `${prefix}${toBase64Url(new Uint8Array(hash))}`;
}

async function deriveKey(state: string) {
  const bytes = new TextEncoder().encode(state);
  return { id: 'state', key: await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits']) };
}
