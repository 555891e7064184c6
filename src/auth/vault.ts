import { ConnectorError } from '../errors/connector-error.ts';
import { guardAsync } from '../errors/guard-errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { StateStore } from '../model/runtime-services.ts';
import type { Secret } from '../model/secret.ts';
import {
  assertName,
  assertOptions,
  copyObject,
  hasMethods,
  type OptionsRule,
} from '../validation/assert-options.ts';
import type { KeyProvider } from './key-ring.ts';
import { openKeyRing, type ReloadingKeyRing } from './reloading-key-ring.ts';
import { readKeyId, seal, unseal } from './seal.ts';

/** The name of a secret: `{ connection: 'contoso', field: 'tokens' }`. */
export interface VaultKey {
  readonly connection: string;
  readonly field: string;
}

/** A secret with a note that is not encrypted, and the version that `replace` compares. */
export interface VaultEntry {
  readonly secret: Secret;
  readonly note: JsonObject;
  readonly version: number;
}

/** Encrypted secrets in a StateStore. A secret can be decrypted only under its own name. */
export interface Vault {
  /** Reads a secret. Throws VAULT_UNREADABLE if it was changed or its key is missing. */
  read(name: VaultKey): Promise<VaultEntry | undefined>;
  /** Writes a secret without comparing versions, for a new sign-in. */
  write(name: VaultKey, secret: Secret): Promise<void>;
  /** Writes only if the version is `expected` (undefined = the secret must not exist). Returns whether it did. */
  replace(
    name: VaultKey,
    content: Omit<VaultEntry, 'version'>,
    expected: number | undefined,
  ): Promise<boolean>;
  delete(name: VaultKey): Promise<void>;
  /**
   * Adds a new key, if the provider can store one, and encrypts every row again with the first key. Returns the number of
   * rows that had an older key. It can be stopped and repeated, and other processes can read and write meanwhile.
   */
  rotate(): Promise<number>;
}

const prefix = 'vault/';
/** Increase it when the format of the stored secrets changes, so that old secrets cannot be misread. */
const schema = 1;

/**
 * Opens the vault. For a new vault, a provider that can store keys gets a new key. Throws SETTING_INVALID if there is no
 * key, or if the key of a row is missing, because that row could not be read.
 *
 * @example
 * const vault = await openVault({ store, keys: createFileKeyProvider({ file: '/etc/myhost/vault.key', dataFolder }) });
 */
export function openVault(options: VaultOptions): Promise<Vault> {
  return guardAsync(() => openSealedStore(assertOptions(options, vaultRule)));
}

/** The store of the encrypted rows, and the provider of their keys. */
export interface VaultOptions {
  readonly store: StateStore;
  readonly keys: KeyProvider;
}

const vaultRule: OptionsRule<VaultOptions> = {
  of: 'openVault',
  types: { store: 'any', keys: 'any' },
  code: 'SETTING_INVALID',
};

async function openSealedStore(options: VaultOptions): Promise<Vault> {
  const { store } = options;
  if (!hasMethods(store, 'get', 'set', 'replace', 'delete', 'keys')) {
    throw new ConnectorError('SETTING_INVALID', 'Option "store" of openVault must be a StateStore.');
  }
  if (!hasMethods(options.keys, 'load')) {
    throw new ConnectorError('SETTING_INVALID', 'Option "keys" of openVault must be a KeyProvider.');
  }
  const rows = await store.keys(prefix);
  const keys = await openKeyRing(options.keys, rows.length === 0);
  for (const row of rows) {
    const id = readKeyId((await readEntry(store, row))?.sealed ?? '');
    if (id !== undefined && !(await keys.withKey(id)).some((key) => key.id === id)) throw missingKey(id);
  }
  return createVault(store, keys);
}

function createVault(store: StateStore, keys: ReloadingKeyRing): Vault {
  return {
    async read(name) {
      const row = await readEntry(store, toStoreKey(name));
      if (row === undefined) return undefined;
      const secret = await openRow(keys, toStoreKey(name), row.sealed);
      return { secret, note: row.note, version: row.version };
    },
    async write(name, secret) {
      const key = toStoreKey(name);
      await store.set(key, await sealRow(keys, key, { secret, note: {} }));
    },
    async replace(name, content, expected) {
      const key = toStoreKey(name);
      return store.replace(key, await sealRow(keys, key, content), expected);
    },
    delete: (name) => store.delete(toStoreKey(name)),
    async rotate() {
      await keys.rotate();
      let count = 0;
      for (const key of await store.keys(prefix)) {
        if (await resealRow(store, keys, key)) count += 1;
      }
      return count;
    },
  };
}

async function sealRow(
  keys: ReloadingKeyRing,
  key: string,
  content: Omit<VaultEntry, 'version'>,
): Promise<string> {
  const { secret, note } = copyObject(content, 'The content of the vault');
  if (!hasMethods(secret, 'reveal'))
    throw new ConnectorError('INPUT_INVALID', 'A secret of the vault must be a Secret.');
  const sealed = await seal(keys.current(), secret, toSealContext(key));
  try {
    return JSON.stringify({ sealed, note });
  } catch {
    throw new ConnectorError('INPUT_INVALID', 'The note of a secret must be plain data.');
  }
}

async function openRow(keys: ReloadingKeyRing, key: string, sealed: string): Promise<Secret> {
  return unseal(await keys.withKey(readKeyId(sealed)), sealed, toSealContext(key));
}

/** Encrypts a row with the current key. Returns false if it already is, or if the row does not exist. */
async function resealRow(store: StateStore, keys: ReloadingKeyRing, key: string): Promise<boolean> {
  for (;;) {
    const row = await readEntry(store, key);
    if (row === undefined) return false;
    const secret = await openRow(keys, key, row.sealed);
    if (readKeyId(row.sealed) === keys.current().id) return false;
    // If another process writes at the same time, its row is read again.
    const sealed = await sealRow(keys, key, { secret, note: row.note });
    if (await store.replace(key, sealed, row.version)) return true;
  }
}

/** Returns the store's key. The encoding keeps connection and field apart. */
function toStoreKey(name: VaultKey): string {
  const { connection, field } = copyObject(name, 'The name of a secret');
  const parts = [
    assertName(connection, 'The connection of a secret'),
    assertName(field, 'The field of a secret'),
  ];
  return prefix + parts.map(encodeURIComponent).join('/');
}

function toSealContext(key: string): string {
  return `${key}|${schema}`;
}

async function readEntry(store: StateStore, key: string) {
  const stored = await store.get(key);
  if (stored === undefined) return undefined;
  const row = parse(stored.value);
  return { sealed: String(row.sealed ?? ''), note: (row.note ?? {}) as JsonObject, version: stored.version };
}

/** A row in another format becomes an empty object. Reading its secret then throws VAULT_UNREADABLE. */
function parse(text: string): JsonObject {
  try {
    const row: unknown = JSON.parse(text);
    return typeof row === 'object' && row !== null ? (row as JsonObject) : {};
  } catch {
    return {};
  }
}

function missingKey(id: string): ConnectorError {
  return new ConnectorError(
    'SETTING_INVALID',
    `Stored secrets are encrypted with key ${id}, which is missing.`,
    {
      advice: `Add key ${id} again, below the current key. You can remove it after you have rotated the vault.`,
    },
  );
}
