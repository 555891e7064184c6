import { nameOf } from '../errors/as-connector-error.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import type { Secret } from '../model/secret.ts';
import { hasMethods } from '../validation/assert-options.ts';
import { generateKey, type KeyProvider, type KeyRing, parseKeyRing, type SealKey } from './key-ring.ts';

/** The keys of a running process. Another process may rotate them at any time, so they are reloaded when needed. */
export interface ReloadingKeyRing {
  /** Returns the key that seals new secrets. */
  current(): SealKey;
  /** Returns all keys. If there is no key with this id, loads them again; it may still be missing. */
  withKey(id: string | undefined): Promise<KeyRing>;
  /** Adds a new key, if the provider can store one, and loads the keys again. */
  rotate(): Promise<void>;
}

/**
 * Loads the keys. If there is none and `isNew` states that nothing is sealed yet, a provider that can store keys gets
 * a new one. Otherwise throws SETTING_INVALID.
 */
export async function openKeyRing(provider: KeyProvider, isNew: boolean): Promise<ReloadingKeyRing> {
  let ring = await loadFirstKeyRing(provider, isNew);
  const load = async () => {
    const text = await loadKeys(provider);
    if (text !== undefined) ring = await parseKeyRing(text);
  };
  return {
    current: () => ring[0],
    async withKey(id) {
      if (id !== undefined && !ring.some((key) => key.id === id)) await load();
      return ring;
    },
    async rotate() {
      await callProvider(() => provider.prepend?.(generateKey()));
      await load();
    },
  };
}

async function loadKeys(provider: KeyProvider): Promise<Secret | undefined> {
  const text = await callProvider(() => provider.load());
  if (text === undefined || hasMethods(text, 'reveal')) return text;
  throw providerError('the key provider returned no Secret');
}

/** The provider can be code of the host. The message of its error is omitted, because it can contain the keys. */
async function callProvider<T>(work: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ConnectorError
      ? error
      : providerError(`the key provider threw a ${nameOf(error)}`);
  }
}

function providerError(cause: string): ConnectorError {
  const advice = 'Check the key provider of the vault.';
  return new ConnectorError('SETTING_INVALID', `The keys of the vault cannot be used: ${cause}.`, { advice });
}

async function loadFirstKeyRing(provider: KeyProvider, isNew: boolean): Promise<KeyRing> {
  let text = await loadKeys(provider);
  if (text === undefined && isNew && provider.create !== undefined) {
    await callProvider(() => provider.create?.(generateKey()));
    text = await loadKeys(provider);
  }
  if (text !== undefined) return parseKeyRing(text);
  throw new ConnectorError(
    'SETTING_INVALID',
    isNew ? 'The vault has no key.' : 'Stored secrets exist, but the key of the vault is missing.',
    { advice: 'Restore the key file of the vault, or set the environment variable that contains its keys.' },
  );
}
