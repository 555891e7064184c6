import { ConnectorError } from '../errors/connector-error.ts';
import { type Client, type Connector, type Credential, loadConnector, Secret } from '../index.ts';
import { openConnections } from '../node/connections.ts';
import type { CommandContext } from './commands/context.ts';

/** A client for the connection that the options name, with the connector it came from. */
export interface OpenedClient {
  readonly client: Client;
  readonly connector: Connector;
}

/**
 * A saved connection (`--connection`, or the only one), or one made of `D365_*` variables for scripts and
 * containers, which nothing is saved of.
 */
export async function openClient(options: CommandContext['options']): Promise<OpenedClient> {
  const { env } = process;
  if (options.connection === undefined && env.D365_ORG_URL !== undefined) {
    const connector = await loadConnector({ folder: options.manifest });
    const settings = { orgUrl: env.D365_ORG_URL, ...(env.D365_TENANT ? { tenant: env.D365_TENANT } : {}) };
    return { connector, client: connector.connect(settings, credentialFrom(env)) };
  }
  const connections = await openConnections();
  const connector = await loadConnector({ folder: options.manifest, world: { store: connections.store } });
  const { saved, credential, options: connectOptions } = await connections.open(options.connection);
  return { connector, client: connector.connect(saved.settings, credential, connectOptions) };
}

function credentialFrom(env: Readonly<Record<string, string | undefined>>): Credential {
  const token = env.D365_ACCESS_TOKEN;
  if (token) return { kind: 'host', bring: () => ({ token }) };
  if (env.D365_CLIENT_ID && env.D365_CLIENT_SECRET) {
    return { kind: 'app', app: { clientId: env.D365_CLIENT_ID, secret: new Secret(env.D365_CLIENT_SECRET) } };
  }
  throw new ConnectorError('CONNECTION_INVALID', 'D365_ORG_URL is set, but nothing to sign in with.', {
    advice:
      'Set D365_ACCESS_TOKEN, or D365_TENANT, D365_CLIENT_ID and D365_CLIENT_SECRET; or use `d365 connect`.',
  });
}
