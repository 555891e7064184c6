import { ConnectorError } from '../errors/connector-error.ts';
import { generateKey, type KeyProvider, type KeyRing, parseKeyRing, type SealKey } from './key-ring.ts';

/** The keys of a running process. Another process may rotate them at any time, so they follow their provider. */
export interface ReloadingKeyRing {
  /** The key that seals from now on. */
  current(): SealKey;
  /** All keys; read again when the one of this id is not among them. It may still be missing then. */
  withKey(id: string | undefined): Promise<KeyRing>;
  /** Puts a new key on top, where the provider can keep one; takes what the provider has in any case. */
  rotate(): Promise<void>;
}

/**
 * Loads the keys. A provider that can keep a key gets one when `isNew` says that nothing is sealed yet;
 * SETTING_INVALID when there is none.
 */
export async function openKeyRing(provider: KeyProvider, isNew: boolean): Promise<ReloadingKeyRing> {
  let ring = await loadFirstKeyRing(provider, isNew);
  const load = async () => {
    const text = await provider.load();
    if (text !== undefined) ring = await parseKeyRing(text);
  };
  return {
    current: () => ring[0],
    async withKey(id) {
      if (id !== undefined && !ring.some((key) => key.id === id)) await load();
      return ring;
    },
    async rotate() {
      await provider.prepend?.(generateKey());
      await load();
    },
  };
}

async function loadFirstKeyRing(provider: KeyProvider, isNew: boolean): Promise<KeyRing> {
  let text = await provider.load();
  if (text === undefined && isNew && provider.create !== undefined) {
    await provider.create(generateKey());
    text = await provider.load();
  }
  if (text !== undefined) return parseKeyRing(text);
  throw new ConnectorError(
    'SETTING_INVALID',
    isNew ? 'The vault has no key.' : 'Stored secrets exist, and the key of the vault is missing.',
    { advice: 'Put the key file of the vault back, or set the variable that holds its keys.' },
  );
}
