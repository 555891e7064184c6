import { ConnectorError } from '../errors/connector-error.ts';
import { Secret } from '../model/secret.ts';
import type { Clock, StateStore } from '../model/world.ts';
import { toBase64Url } from './base64.ts';
import { seal, unseal } from './seal.ts';

/** What must be the same when the user comes back. */
export interface PendingSignIn {
  readonly redirectUri: string;
  readonly nonce: string;
  readonly verifier: string;
  /** What the sign-in is for (environment, app, tenant): it may not end as another. */
  readonly purpose: string;
  /** The host's own session of the browser that started. */
  readonly session?: string;
}

const prefix = 'sign-in/';
const lifeMs = 10 * 60_000;

/** Keeps a sign-in for ten minutes. What is stored opens only with the `state`, which only the browser has. */
export async function keepSignIn(
  { store, clock }: { readonly store: StateStore; readonly clock: Clock },
  state: string,
  pending: PendingSignIn,
): Promise<void> {
  await dropExpired(store, clock);
  const sealed = await seal(await keyFrom(state), new Secret(JSON.stringify(pending)), prefix);
  await store.set(await keyOf(state), JSON.stringify({ expiresAt: clock.now() + lifeMs, sealed }));
}

/**
 * Takes a sign-in out of the store: the first caller gets it, every later one (a replay) finds nothing. Throws
 * SIGN_IN_INVALID when there is none for this state, or it is too old.
 */
export async function takeSignIn(
  { store, clock }: { readonly store: StateStore; readonly clock: Clock },
  state: string,
): Promise<PendingSignIn> {
  const key = await keyOf(state);
  const row = await store.get(key);
  // Of two callers at the same time only one replaces this version; deleting alone would let both through.
  if (row === undefined || !(await store.replace(key, '{}', row.version))) {
    throw new ConnectorError(
      'SIGN_IN_INVALID',
      'No sign-in is waiting for this state: it was started elsewhere, was used already, or has expired.',
    );
  }
  await store.delete(key);
  const { expiresAt, sealed } = JSON.parse(row.value) as { expiresAt: number; sealed: string };
  if (clock.now() >= expiresAt) {
    throw new ConnectorError('SIGN_IN_INVALID', 'The sign-in took longer than ten minutes.');
  }
  const text = await unseal([await keyFrom(state)], sealed, prefix);
  return JSON.parse(text.reveal()) as PendingSignIn;
}

async function dropExpired(store: StateStore, clock: Clock): Promise<void> {
  for (const key of await store.keys(prefix)) {
    const row = await store.get(key);
    const { expiresAt } = JSON.parse(row?.value ?? '{}') as { expiresAt?: number };
    if (expiresAt !== undefined && expiresAt <= clock.now()) await store.delete(key);
  }
}

async function keyOf(state: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(state));
  return `${prefix}${toBase64Url(new Uint8Array(hash))}`;
}

async function keyFrom(state: string) {
  const bytes = new TextEncoder().encode(state);
  return { id: 'state', key: await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits']) };
}
