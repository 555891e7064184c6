import { ConnectorError } from '../errors/connector-error.ts';
import { type KeyProvider, type KeyRing, newKeyText, readKeys, type SealKey } from './key-ring.ts';

/** The keys of a running process. Another process may rotate them at any time, so they follow their provider. */
export interface LiveKeys {
  /** The key that seals from now on. */
  current(): SealKey;
  /** All keys; read again when the one of this id is not among them. It may still be missing then. */
  knowing(id: string | undefined): Promise<KeyRing>;
  /** Puts a new key on top, where the provider can keep one; takes what the provider has in any case. */
  renew(): Promise<void>;
}

/**
 * Loads the keys. A provider that can keep a key gets one when `isNew` says that nothing is sealed yet;
 * SETTING_INVALID when there is none.
 */
export async function openKeys(provider: KeyProvider, isNew: boolean): Promise<LiveKeys> {
  let ring = await firstRing(provider, isNew);
  const load = async () => {
    const text = await provider.load();
    if (text !== undefined) ring = await readKeys(text);
  };
  return {
    current: () => ring[0],
    async knowing(id) {
      if (id !== undefined && !ring.some((key) => key.id === id)) await load();
      return ring;
    },
    async renew() {
      await provider.putOnTop?.(newKeyText());
      await load();
    },
  };
}

async function firstRing(provider: KeyProvider, isNew: boolean): Promise<KeyRing> {
  let text = await provider.load();
  if (text === undefined && isNew && provider.create !== undefined) {
    await provider.create(newKeyText());
    text = await provider.load();
  }
  if (text !== undefined) return readKeys(text);
  throw new ConnectorError(
    'SETTING_INVALID',
    isNew ? 'The vault has no key.' : 'Stored secrets exist, and the key of the vault is missing.',
    { advice: 'Put the key file of the vault back, or set the variable that holds its keys.' },
  );
}
