import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ConnectorError, Secret } from 'dynamics365-connector';
import type { ConnectionSecrets, ConnectionStore, SavedConnection } from 'dynamics365-connector/node';

/** What `d365 connect` takes. Secrets never stand on the command line, where every process could read them. */
export interface ConnectFlags {
  readonly org?: string;
  readonly clientId?: string;
  readonly tenant?: string;
  readonly cloud?: string;
  readonly app?: boolean;
  readonly device?: boolean;
  readonly secretStdin?: boolean;
  readonly certificate?: string;
  readonly key?: string;
  readonly authority?: string;
  readonly discovery?: string;
}

/** A connection that is not saved yet; a user's may still lack its organization. */
export interface ConnectionDraft extends Omit<SavedConnection, 'settings'> {
  readonly settings: Partial<SavedConnection['settings']>;
  readonly secrets: ConnectionSecrets;
}

/** The connection that was typed; what was left out comes from the one of that name, so that it can be renewed. */
export async function draftConnection(
  connections: ConnectionStore,
  name: string,
  input: ConnectFlags,
): Promise<ConnectionDraft> {
  const saved = await connections.find(name);
  const clientId = input.clientId ?? saved?.clientId;
  if (clientId === undefined) throw missingFlag('--client-id', 'Copy it from Entra > App registrations.');
  const isApp = input.app ?? (input.clientId === undefined && saved?.kind === 'app');
  const orgUrl = input.org ?? saved?.settings.orgUrl;
  if (isApp && orgUrl === undefined)
    throw missingFlag('--org', 'An app has no list of organizations to pick from.');
  const tenant = input.tenant ?? saved?.settings.tenant;
  const localAuthority = input.authority ?? saved?.localAuthority;
  const localDiscovery = input.discovery ?? saved?.localDiscovery;
  const certificate =
    input.certificate === undefined ? saved?.certificate : await readTextFile(input.certificate);
  const isSameApp = saved?.clientId === clientId;
  return {
    name,
    kind: isApp ? 'app' : 'user',
    clientId,
    settings: { ...(orgUrl === undefined ? {} : { orgUrl }), ...(tenant === undefined ? {} : { tenant }) },
    ...(localAuthority === undefined ? {} : { localAuthority }),
    ...(localDiscovery === undefined ? {} : { localDiscovery }),
    ...(certificate === undefined ? {} : { certificate }),
    secrets: { ...(isSameApp ? await connections.secrets(name) : {}), ...(await readSecrets(input)) },
  };
}

async function readSecrets({ secretStdin, key }: ConnectFlags): Promise<ConnectionSecrets> {
  const typed = secretStdin ? (await text(process.stdin)).trim() : process.env.D365_CLIENT_SECRET;
  return {
    ...(typed ? { secret: new Secret(typed) } : {}),
    ...(key === undefined ? {} : { privateKey: new Secret(await readTextFile(key)) }),
  };
}

async function readTextFile(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `${file} cannot be read (${error.code}).`);
  });
}

function missingFlag(option: string, advice: string): ConnectorError {
  return new ConnectorError('CONNECTION_INVALID', `A new connection needs ${option}.`, { advice });
}
