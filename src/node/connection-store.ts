import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ResolvedApplication } from '../auth/client-application.ts';
import type { ResolvedCredential } from '../auth/create-token-source.ts';
import { deleteTokens } from '../auth/stored-token-source.ts';
import { openVault, type Vault } from '../auth/vault.ts';
import type { ConnectOptions } from '../client/runtime.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Secret } from '../model/secret.ts';
import { createEnvKeyProvider, createFileKeyProvider } from './key-provider.ts';
import { type ClosableStore, openPostgresStoreAt } from './postgres-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** A connection as it is kept: nothing in it is secret. */
export interface SavedConnection {
  readonly name: string;
  /** `user`: somebody signed in. `app`: the app itself, with its secret or certificate. */
  readonly kind: 'user' | 'app';
  /** `{ orgUrl, tenant? }`, as the connector's connection schema says. */
  readonly settings: { readonly orgUrl: string; readonly tenant?: string };
  readonly clientId: string;
  /** Set for a sandbox on this machine. */
  readonly localAuthority?: string;
  readonly localDiscovery?: string;
  /** PEM of an app's certificate; its key is in the vault. */
  readonly certificate?: string;
  /** Who signed in, for people. */
  readonly account?: string;
}

/** Secrets of a connection, sealed in the vault. */
export interface ConnectionSecrets {
  readonly secret?: Secret;
  readonly privateKey?: Secret;
}

/** Everything that `connect` needs. */
export interface OpenedConnection {
  readonly saved: SavedConnection;
  readonly credential: ResolvedCredential;
  readonly options: ConnectOptions;
}

/** Named connections in a folder of this machine; secrets and tokens are sealed. */
export interface ConnectionStore {
  readonly store: ClosableStore;
  readonly vault: Vault;
  list(): Promise<readonly SavedConnection[]>;
  find(name: string): Promise<SavedConnection | undefined>;
  /** One by name; without a name the only one there is. CONNECTION_INVALID with suggestions otherwise. */
  open(name?: string): Promise<OpenedConnection>;
  /** Secrets of one by name. */
  secrets(name: string): Promise<ConnectionSecrets>;
  /** Keeps it with these secrets and no others; tokens of a signed-in user stay. */
  save(connection: SavedConnection, secrets: ConnectionSecrets): Promise<void>;
  remove(name: string): Promise<void>;
  close(): void;
}

/**
 * Where connections are kept: `D365_HOME`, or `.d365` in the home folder; with `D365_POSTGRES` in that database,
 * where machines share them. The vault's key lies elsewhere.
 */
export interface ConnectionStoreOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Opens the connections of this machine's user. */
export async function openConnectionStore({
  env = process.env,
}: ConnectionStoreOptions = {}): Promise<ConnectionStore> {
  const folder = env.D365_HOME ?? join(homedir(), '.d365');
  const keyFile = env.D365_KEY_FILE ?? join(homedir(), '.config', 'd365', 'vault.key');
  const store = env.D365_POSTGRES
    ? await openPostgresStoreAt(env.D365_POSTGRES)
    : openSqliteStore(join(folder, 'state.sqlite'));
  const fromEnv = createEnvKeyProvider(env);
  const keys =
    (await fromEnv.load()) === undefined
      ? createFileKeyProvider({ file: keyFile, dataFolder: folder })
      : fromEnv;
  const vault = await openVault({ store, keys });
  return createConnectionStore(store, vault);
}

const prefix = 'connection/';

function createConnectionStore(store: ClosableStore, vault: Vault): ConnectionStore {
  const names = async () =>
    (await store.keys(prefix)).map((key) => decodeURIComponent(key.slice(prefix.length)));
  const keyOf = (name: string) => `${prefix}${encodeURIComponent(name)}`;
  const read = async (name: string): Promise<SavedConnection | undefined> => {
    const row = await store.get(keyOf(name));
    return row && (JSON.parse(row.value) as SavedConnection);
  };
  return {
    store,
    vault,
    async list() {
      const all = await Promise.all((await names()).map(read));
      return all.filter((saved) => saved !== undefined);
    },
    find: read,
    async open(name) {
      const saved = await read(name ?? (await onlyName(await names())));
      if (saved === undefined) throw unknownConnection(name!, await names());
      return openSaved(saved, vault);
    },
    secrets: (name) => readSecrets(vault, name),
    async save(connection, secrets) {
      for (const field of secretFields) {
        const secret = secrets[field];
        const vaultName = { connection: connection.name, field };
        await (secret === undefined ? vault.delete(vaultName) : vault.write(vaultName, secret));
      }
      await store.set(keyOf(connection.name), JSON.stringify(connection));
    },
    async remove(name) {
      if ((await read(name)) === undefined) throw unknownConnection(name, await names());
      await deleteTokens(vault, name);
      for (const field of secretFields) await vault.delete({ connection: name, field });
      await store.delete(keyOf(name));
    },
    close: () => store.close(),
  };
}

const secretFields = ['secret', 'privateKey'] as const;

async function readSecrets(vault: Vault, connection: string): Promise<ConnectionSecrets> {
  const secrets: { secret?: Secret; privateKey?: Secret } = {};
  for (const field of secretFields) {
    const row = await vault.read({ connection, field });
    if (row !== undefined) secrets[field] = row.secret;
  }
  return secrets;
}

async function openSaved(saved: SavedConnection, vault: Vault): Promise<OpenedConnection> {
  const app = toApp(saved, await readSecrets(vault, saved.name));
  return {
    saved,
    credential:
      saved.kind === 'app' ? { kind: 'app', app } : { kind: 'user', app, vault, connection: saved.name },
    options: localConnectOptions(saved),
  };
}

/** The app registration of a connection. */
export function toApp(
  { clientId, certificate }: Pick<SavedConnection, 'clientId' | 'certificate'>,
  { secret, privateKey }: ConnectionSecrets,
): ResolvedApplication {
  return {
    clientId,
    ...(secret === undefined ? {} : { clientSecret: secret }),
    ...(certificate === undefined || privateKey === undefined
      ? {}
      : { certificate: { certificate, privateKey } }),
  };
}

/** A connection to this machine was made by its operator; nothing in a workflow can make one. */
export function localConnectOptions({
  localAuthority,
  localDiscovery,
}: Pick<SavedConnection, 'localAuthority' | 'localDiscovery'>): ConnectOptions {
  if (localAuthority === undefined) return {};
  return {
    allowLoopback: true,
    localAuthority,
    ...(localDiscovery === undefined ? {} : { localDiscovery }),
  };
}

async function onlyName(names: readonly string[]): Promise<string> {
  if (names.length === 1) return names[0]!;
  const advice =
    names.length === 0
      ? 'Make one with `d365 connect`, or start a local organization with `d365 sandbox`.'
      : `Name one with --connection: ${names.join(', ')}.`;
  const problem = names.length === 0 ? 'There is no connection yet.' : 'There are several connections.';
  throw new ConnectorError('CONNECTION_INVALID', problem, { advice });
}

function unknownConnection(name: string, names: readonly string[]): ConnectorError {
  const suggestions = suggest(name, names);
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return new ConnectorError('CONNECTION_INVALID', `There is no connection "${name}".${near}`, {
    suggestions,
    advice: names.length === 0 ? 'Make one with `d365 connect`.' : `There are: ${names.join(', ')}.`,
  });
}
