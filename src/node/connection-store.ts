import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ResolvedApplication } from '../auth/client-application.ts';
import type { KeyProvider } from '../auth/key-ring.ts';
import type { ResolvedCredential } from '../auth/resolved-credential.ts';
import { deleteTokens } from '../auth/stored-token-source.ts';
import { openVault, type Vault } from '../auth/vault.ts';
import type { ConnectOptions } from '../client/runtime.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Secret } from '../model/secret.ts';
import { assertName, copyObject, hasMethods } from '../validation/assert-options.ts';
import { managedCredential, workloadAssertion } from './identity/index.ts';
import { createEnvKeyProvider, createFileKeyProvider } from './key-provider.ts';
import { type ClosableStore, openPostgresStoreAt } from './postgres-store.ts';
import { secretFrom } from './secret-managers/index.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** A saved connection. It contains no secrets. */
export interface SavedConnection {
  readonly name: string;
  /** `user`: with the sign-in of a user. `app`: as the app itself, with its secret or certificate. */
  readonly kind: 'user' | 'app';
  /** The settings of the connector's connection schema. */
  readonly settings: { readonly orgUrl: string; readonly tenant?: string };
  readonly clientId: string;
  /**
   * An app without a secret of its own. `managed`: the identity of this machine; `clientId` names one that a user assigned,
   * and is empty for that of the system. `workload`: the token of AKS, GitHub or Azure Pipelines.
   */
  readonly identity?: 'managed' | 'workload';
  /** The address in a secret manager from which the client secret is read at each sign-in; it is not in the vault. */
  readonly secretFrom?: string;
  /** Addresses of a sandbox on this machine. */
  readonly localAuthority?: string;
  readonly localDiscovery?: string;
  /** Certificate of an app in PEM. Its private key is in the vault. */
  readonly certificate?: string;
  /** User name of the signed-in user, for display. */
  readonly account?: string;
}

/** The secrets of a connection, encrypted in the vault. */
export interface ConnectionSecrets {
  readonly secret?: Secret;
  readonly privateKey?: Secret;
}

/** A saved connection with the arguments for `connector.connect`. */
export interface OpenedConnection {
  readonly saved: SavedConnection;
  readonly credential: ResolvedCredential;
  readonly options: ConnectOptions;
}

/** Named connections. Secrets and tokens are encrypted in a vault. */
export interface ConnectionStore {
  readonly store: ClosableStore;
  readonly vault: Vault;
  list(): Promise<readonly SavedConnection[]>;
  find(name: string): Promise<SavedConnection | undefined>;
  /** A number that increases whenever the connection or its secrets are saved; undefined if there is none. */
  version(name: string): Promise<number | undefined>;
  /**
   * Opens a connection by name; without a name, the default connection or the only one. Throws CONNECTION_INVALID, with
   * the nearest names, if there is no such connection.
   */
  open(name?: string): Promise<OpenedConnection>;
  /** The name of the default connection; undefined if none is chosen. */
  defaultName(): Promise<string | undefined>;
  /** Chooses the connection that is opened if no name is given. CONNECTION_INVALID if there is no such connection. */
  setDefault(name: string): Promise<void>;
  /** Reads the secrets of a connection. */
  secrets(name: string): Promise<ConnectionSecrets>;
  /** Saves a connection and replaces all its secrets. The tokens of a signed-in user are kept. */
  save(connection: SavedConnection, secrets: ConnectionSecrets): Promise<void>;
  remove(name: string): Promise<void>;
  close(): void;
}

/** Options of `openConnectionStore`. */
export interface ConnectionStoreOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens the saved connections. They are stored in the folder `D365_HOME` (default `.d365` in the home folder), or in the
 * PostgreSQL database `D365_POSTGRES`, which several machines can share. The keys of the vault come from
 * `D365_VAULT_KEYS`, from the secret manager that `D365_VAULT_KEYS_FROM` names, or from the file `D365_KEY_FILE` (default
 * `.config/d365/vault.key` in the home folder).
 */
export async function openConnectionStore({
  env = process.env,
}: ConnectionStoreOptions = {}): Promise<ConnectionStore> {
  const folder = env.D365_HOME ?? join(homedir(), '.d365');
  const keyFile = env.D365_KEY_FILE ?? join(homedir(), '.config', 'd365', 'vault.key');
  const store = env.D365_POSTGRES
    ? await openPostgresStoreAt(env.D365_POSTGRES)
    : openSqliteStore(join(folder, 'state.sqlite'));
  const vault = await openVault({ store, keys: await findKeys() });
  return createConnectionStore(store, vault);

  async function findKeys(): Promise<KeyProvider> {
    const fromEnv = createEnvKeyProvider(env);
    if ((await fromEnv.load()) !== undefined) return fromEnv;
    if (env.D365_VAULT_KEYS_FROM) return { load: secretFrom(env.D365_VAULT_KEYS_FROM, { env }) };
    return createFileKeyProvider({ file: keyFile, dataFolder: folder });
  }
}

const prefix = 'connection/';
const defaultKey = 'default-connection';

function createConnectionStore(store: ClosableStore, vault: Vault): ConnectionStore {
  const names = async () =>
    (await store.keys(prefix)).map((key) => decodeURIComponent(key.slice(prefix.length)));
  const keyOf = (name: string) =>
    prefix + encodeURIComponent(assertName(name, 'The name of a connection', 'CONNECTION_INVALID'));
  const read = async (name: string): Promise<SavedConnection | undefined> => {
    const row = await store.get(keyOf(name));
    return row && (JSON.parse(row.value) as SavedConnection);
  };
  const readDefault = async () => (await store.get(defaultKey))?.value;
  return {
    store,
    vault,
    async list() {
      const all = await Promise.all((await names()).map(read));
      return all.filter((saved) => saved !== undefined);
    },
    find: read,
    version: async (name) => (await store.get(keyOf(name)))?.version,
    async open(name) {
      const chosen = name ?? (await readDefault()) ?? getOnlyName(await names());
      const saved = await read(chosen);
      if (saved === undefined) throw unknownConnection(chosen, await names());
      return openSaved(saved, vault);
    },
    defaultName: readDefault,
    async setDefault(name) {
      if ((await read(name)) === undefined) throw unknownConnection(name, await names());
      await store.set(defaultKey, name);
    },
    async secrets(name) {
      return await readSecrets(vault, assertName(name, 'The name of a connection', 'CONNECTION_INVALID'));
    },
    async save(connection, secrets) {
      const saved = copyObject(connection, 'The connection', 'CONNECTION_INVALID');
      const key = keyOf(saved.name);
      const value = toStoredText(saved);
      await writeSecrets(vault, saved.name, assertSecrets(secrets));
      await store.set(key, value);
    },
    async remove(name) {
      if ((await read(name)) === undefined) throw unknownConnection(name, await names());
      await deleteTokens(vault, name);
      await writeSecrets(vault, name, {});
      await store.delete(keyOf(name));
      if ((await readDefault()) === name) await store.delete(defaultKey);
    },
    close: () => store.close(),
  };
}

const secretFields = ['secret', 'privateKey'] as const;

function assertSecrets(secrets: ConnectionSecrets): ConnectionSecrets {
  const copy = copyObject(secrets, 'The secrets of the connection', 'CONNECTION_INVALID');
  for (const field of secretFields) {
    if (copy[field] === undefined || hasMethods(copy[field], 'reveal')) continue;
    throw new ConnectorError('CONNECTION_INVALID', `"${field}" of the connection must be a Secret.`);
  }
  return copy;
}

function toStoredText(connection: SavedConnection): string {
  try {
    return JSON.stringify(connection);
  } catch {
    throw new ConnectorError('CONNECTION_INVALID', 'The connection is not plain data.');
  }
}

async function readSecrets(vault: Vault, connection: string): Promise<ConnectionSecrets> {
  const secrets: { secret?: Secret; privateKey?: Secret } = {};
  for (const field of secretFields) {
    const row = await vault.read({ connection, field });
    if (row !== undefined) secrets[field] = row.secret;
  }
  return secrets;
}

/** Writes these secrets, and deletes all others of the connection. */
async function writeSecrets(vault: Vault, connection: string, secrets: ConnectionSecrets): Promise<void> {
  for (const field of secretFields) {
    const secret = secrets[field];
    await (secret === undefined
      ? vault.delete({ connection, field })
      : vault.write({ connection, field }, secret));
  }
}

async function openSaved(saved: SavedConnection, vault: Vault): Promise<OpenedConnection> {
  return { saved, credential: await openCredential(saved, vault), options: localConnectOptions(saved) };
}

async function openCredential(saved: SavedConnection, vault: Vault): Promise<ResolvedCredential> {
  const { name: connection, kind, identity, clientId, settings } = saved;
  if (identity === 'managed') return managedCredential(settings.orgUrl, clientId);
  const app = toApp(saved, await readSecrets(vault, connection));
  return kind === 'app' ? { kind, app } : { kind, app, vault, connection };
}

/** Returns the app registration of a saved connection. */
export function toApp(
  {
    clientId,
    certificate,
    identity,
    secretFrom: address,
  }: Pick<SavedConnection, 'clientId' | 'certificate' | 'identity' | 'secretFrom'>,
  { secret, privateKey }: ConnectionSecrets,
): ResolvedApplication {
  return {
    clientId,
    clientSecret: address === undefined ? secret : secretFrom(address),
    certificate: certificate && privateKey ? { certificate, privateKey } : undefined,
    assertion: identity === 'workload' ? workloadAssertion() : undefined,
  };
}

/** Returns the options for a connection to a sandbox. Only an operator can save one; a workflow cannot. */
export function localConnectOptions({
  localAuthority,
  localDiscovery,
}: Pick<SavedConnection, 'localAuthority' | 'localDiscovery'>): ConnectOptions {
  if (localAuthority === undefined) return {};
  return { allowLoopback: true, localAuthority, localDiscovery };
}

function getOnlyName(names: readonly string[]): string {
  const [first, ...others] = names;
  if (first === undefined) {
    throw new ConnectorError('CONNECTION_INVALID', 'There is no saved connection.', {
      advice: 'Create one with `d365 connect`, or start a local organization with `d365 sandbox`.',
    });
  }
  if (others.length === 0) return first;
  throw new ConnectorError('CONNECTION_INVALID', 'There are several saved connections.', {
    advice: `Choose one with --connection, or a default with \`d365 use\`: ${names.join(', ')}.`,
  });
}

function unknownConnection(name: string, names: readonly string[]): ConnectorError {
  const suggestions = suggest(name, names);
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return new ConnectorError('CONNECTION_INVALID', `There is no connection "${name}".${near}`, {
    suggestions,
    advice:
      names.length === 0 ? 'Create one with `d365 connect`.' : `Saved connections: ${names.join(', ')}.`,
  });
}
