import { ConnectorError } from '../errors/connector-error.ts';
import { type Client, type Connector, loadConnector } from '../index.ts';
import type { CommandContext } from './commands/context.ts';
import { credentialFrom } from './credential.ts';

/** A client for the connection that the options and the environment name. */
export async function openClient(
  options: CommandContext['options'],
): Promise<{ readonly client: Client; readonly connector: Connector }> {
  const connector = await loadConnector({ folder: options.manifest });
  const { env } = process;
  const orgUrl = options.org ?? env.D365_ORG_URL;
  if (orgUrl === undefined) {
    throw new ConnectorError('CONNECTION_INVALID', 'No organisation is named.', {
      advice: 'Give --org https://yourorg.crm.dynamics.com or set D365_ORG_URL; `d365 sandbox` starts a local one.',
    });
  }
  const settings = { orgUrl, ...(env.D365_TENANT === undefined ? {} : { tenant: env.D365_TENANT }) };
  const credential = credentialFrom(connector, settings, env);
  return { connector, client: connector.connect(settings, credential, { allowLoopback: true }) };
}
