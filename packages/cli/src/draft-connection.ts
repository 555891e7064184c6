import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ConnectorError, Secret } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import {
  type ConnectionSecrets,
  type ConnectionStore,
  type SavedConnection,
  secretFrom,
} from 'dynamics365-connector/node';

/** The flags of `d365 connect`. No flag takes a secret: other processes can read the command line. */
export interface ConnectFlags {
  readonly org?: string;
  readonly clientId?: string;
  readonly tenant?: string;
  readonly cloud?: string;
  readonly app?: boolean;
  readonly identity?: string;
  readonly device?: boolean;
  readonly secretStdin?: boolean;
  readonly secretFrom?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly authority?: string;
  readonly discovery?: string;
}

/** A connection that is not saved yet. The connection of a user can still lack its organization. */
export interface ConnectionDraft extends Omit<SavedConnection, 'settings'> {
  readonly settings: Partial<SavedConnection['settings']>;
  readonly secrets: ConnectionSecrets;
}

/**
 * Builds a connection from flags. Flags that are missing come from the saved connection of that name, if there is
 * one. CONNECTION_INVALID when a new connection lacks a required flag.
 */
export async function draftConnection(
  connections: ConnectionStore,
  name: string,
  flags: ConnectFlags,
): Promise<ConnectionDraft> {
  const saved = await connections.find(name);
  const identity = parseIdentity(flags.identity) ?? saved?.identity;
  const clientId = flags.clientId ?? saved?.clientId ?? (identity === 'managed' ? '' : undefined);
  if (clientId === undefined) throw missingFlag('--client-id', 'Copy it from Entra > App registrations.');
  const isApp =
    identity !== undefined || (flags.app ?? (flags.clientId === undefined && saved?.kind === 'app'));
  const orgUrl = flags.org ?? saved?.settings.orgUrl;
  if (isApp && orgUrl === undefined)
    throw missingFlag('--org', 'The organizations of an app cannot be listed, so give the environment URL.');
  const savedSecrets = saved?.clientId === clientId ? await connections.secrets(name) : {};
  return {
    name,
    kind: isApp ? 'app' : 'user',
    clientId,
    identity,
    secretFrom: findSecretAddress(flags, identity, saved?.clientId === clientId ? saved : undefined),
    settings: { orgUrl, tenant: flags.tenant ?? saved?.settings.tenant },
    localAuthority: flags.authority ?? saved?.localAuthority,
    localDiscovery: flags.discovery ?? saved?.localDiscovery,
    certificate: flags.certificate ? await readTextFile(flags.certificate) : saved?.certificate,
    secrets:
      identity === undefined && flags.secretFrom === undefined
        ? { ...savedSecrets, ...(await readSecrets(flags)) }
        : {},
  };
}

/** A secret that is given now replaces the address, and the other way round. */
function findSecretAddress(
  { secretFrom: address, secretStdin, certificate }: ConnectFlags,
  identity: SavedConnection['identity'],
  saved: SavedConnection | undefined,
): string | undefined {
  const hasOther = identity !== undefined || secretStdin || certificate !== undefined;
  if (address !== undefined && hasOther)
    throw new ConnectorError('SETTING_INVALID', '--secret-from cannot be combined with another credential.');
  if (address !== undefined) secretFrom(address); // Checks its form before anything is saved.
  return address ?? (hasOther ? undefined : saved?.secretFrom);
}

function parseIdentity(text: string | undefined): SavedConnection['identity'] {
  if (text === undefined || text === 'managed' || text === 'workload') return text;
  throw new ConnectorError('SETTING_INVALID', `--identity must be managed or workload, not "${text}".`);
}

async function readSecrets({ secretStdin, key }: ConnectFlags): Promise<ConnectionSecrets> {
  const secret = secretStdin ? (await text(process.stdin)).trim() : process.env.D365_CLIENT_SECRET;
  return omitUndefined({
    secret: secret ? new Secret(secret) : undefined,
    privateKey: key ? new Secret(await readTextFile(key)) : undefined,
  });
}

async function readTextFile(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `${file} cannot be read (${error.code}).`);
  });
}

function missingFlag(flag: string, advice: string): ConnectorError {
  return new ConnectorError('CONNECTION_INVALID', `A new connection requires ${flag}.`, { advice });
}
