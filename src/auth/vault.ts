import { ConnectorError } from '../errors/connector-error.ts';
import { guardAsync } from '../errors/guard-errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { StateStore } from '../model/runtime-services.ts';
import type { Secret } from '../model/secret.ts';
import { assertOptions, hasMethods, type OptionsRule } from '../validation/assert-options.ts';
import type { KeyProvider } from './key-ring.ts';
import { openKeyRing, type ReloadingKeyRing } from './reloading-key-ring.ts';
import { readKeyId, seal, unseal } from './seal.ts';

/** Which secret: `{ connection: 'contoso', field: 'tokens' }`. */
export interface VaultKey {
  readonly connection: string;
  readonly field: string;
}

/** A stored secret with a plain note beside it (never secret), and the version that `replace` compares. */
export interface VaultEntry {
  readonly secret: Secret;
  readonly note: JsonObject;
  readonly version: number;
}

/** Secrets at rest in a StateStore, sealed. A blob opens only under the name that it was stored under. */
export interface Vault {
  read(name: VaultKey): Promise<VaultEntry | undefined>;
  /** Writes whatever stands there now: a new sign-in wins over everything older. */
  write(name: VaultKey, secret: Secret): Promise<void>;
  /** Writes only over version `expected` (undefined = nothing there yet), and says whether it did. */
  replace(
    name: VaultKey,
    content: Omit<VaultEntry, 'version'>,
    expected: number | undefined,
  ): Promise<boolean>;
  delete(name: VaultKey): Promise<void>;
  /**
   * Puts a new key on top, where the provider can keep one, and seals every row again under the key on top.
   * Answers how many had an older one. Safe to stop, to repeat, and to do while others read and write.
   */
  rotate(): Promise<number>;
}

const prefix = 'vault/';
/** Changes when the meaning of stored secrets does; old blobs then refuse to open instead of being misread. */
const schema = 1;

/**
 * Opens the vault. Refuses to start with SETTING_INVALID when rows are sealed under a key that is missing: going
 * on would lose them one by one. A provider that can keep a key gets one when the vault is new.
 */
export function openVault(options: VaultOptions): Promise<Vault> {
  return guardAsync(() => openSealedStore(assertOptions(options, vaultRule)));
}

/** Where a vault keeps its rows, and the keys that seal them. */
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
  const write = async (key: string, content: Omit<VaultEntry, 'version'>) =>
    JSON.stringify({
      sealed: await seal(keys.current(), content.secret, toSealContext(key)),
      note: content.note,
    });
  const open = async (key: string, sealed: string) =>
    unseal(await keys.withKey(readKeyId(sealed)), sealed, toSealContext(key));

  async function reseal(key: string): Promise<boolean> {
    for (;;) {
      const row = await readEntry(store, key);
      if (row === undefined) return false;
      const secret = await open(key, row.sealed);
      if (readKeyId(row.sealed) === keys.current().id) return false;
      // Somebody may write at the same time; their row is looked at again.
      if (await store.replace(key, await write(key, { secret, note: row.note }), row.version)) return true;
    }
  }

  return {
    async read(name) {
      const row = await readEntry(store, toStoreKey(name));
      if (row === undefined) return undefined;
      return { secret: await open(toStoreKey(name), row.sealed), note: row.note, version: row.version };
    },
    async write(name, secret) {
      await store.set(toStoreKey(name), await write(toStoreKey(name), { secret, note: {} }));
    },
    async replace(name, content, expected) {
      return store.replace(toStoreKey(name), await write(toStoreKey(name), content), expected);
    },
    delete: (name) => store.delete(toStoreKey(name)),
    async rotate() {
      await keys.rotate();
      let count = 0;
      for (const key of await store.keys(prefix)) {
        if (await reseal(key)) count += 1;
      }
      return count;
    },
  };
}

/** The store's key; connection and field cannot run into each other. */
function toStoreKey({ connection, field }: VaultKey): string {
  return `${prefix}${encodeURIComponent(connection)}/${encodeURIComponent(field)}`;
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

/** A row that is no JSON of ours has no blob, and "no blob" is refused when it is opened. */
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
    `Stored secrets are sealed under key ${id}, which is missing.`,
    {
      advice: `Add key ${id} again below the current one; it may go once the vault was rotated.`,
    },
  );
}
