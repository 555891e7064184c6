import { type Client, type Connector, loadConnector } from 'dynamics365-connector';
import { connectionFromEnv, openConnectionStore } from 'dynamics365-connector/node';
import type { CommandContext } from './commands/command-context.ts';

/** A client of a connection, with its connector. */
export interface OpenedClient {
  readonly client: Client;
  readonly connector: Connector;
}

/**
 * Opens the connection that a command uses: the saved one (`--connection`, or the only one), or one from `D365_*`
 * variables, of which nothing is saved.
 */
export async function openClient(options: CommandContext['options']): Promise<OpenedClient> {
  const { env } = process;
  if (options.connection === undefined && env.D365_ORG_URL !== undefined) {
    const connector = await loadConnector({ folder: options.manifest });
    const { settings, credential } = connectionFromEnv(env);
    return { connector, client: connector.connect(settings, credential) };
  }
  const connections = await openConnectionStore();
  const connector = await loadConnector({ folder: options.manifest, store: connections.store });
  const { saved, credential, options: connectOptions } = await connections.open(options.connection);
  return { connector, client: connector.connect(saved.settings, credential, connectOptions) };
}
