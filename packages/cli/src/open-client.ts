import type { Client, Connector, HttpSender } from 'dynamics365-connector';
import { connectionFromEnv, createLog, openConnectionStore } from 'dynamics365-connector/node';
import type { CommandContext } from './commands/command-context.ts';
import { loadSendingConnector } from './load-sending-connector.ts';

/** A client of a connection, with its connector. */
export interface OpenedClient {
  readonly client: Client;
  readonly connector: Connector;
}

/**
 * Opens the connection that a command uses: the saved one (`--connection`, the default, or the only one), or one from
 * `D365_*` variables, of which nothing is saved. `--verbose` prints each request without its data.
 *
 * @param send a sender for all requests, instead of that of the command line
 */
export async function openClient(
  options: CommandContext['options'],
  send?: HttpSender,
): Promise<OpenedClient> {
  const { env } = process;
  const log = options.verbose === true ? createLog({ format: 'pretty', level: 'debug' }) : undefined;
  if (options.connection === undefined && env.D365_ORG_URL !== undefined) {
    const connector = await loadSendingConnector({ manifest: options.manifest, log, send });
    const { settings, credential } = connectionFromEnv(env);
    return { connector, client: connector.connect(settings, credential) };
  }
  const connections = await openConnectionStore();
  const connector = await loadSendingConnector({
    manifest: options.manifest,
    store: connections.store,
    log,
    send,
  });
  const { saved, credential, options: connectOptions } = await connections.open(options.connection);
  return { connector, client: connector.connect(saved.settings, credential, connectOptions) };
}
