import { ConnectorError } from 'dynamics365-connector';
import { openConnectionStore } from 'dynamics365-connector/node';
import { loadSendingConnector } from '../load-sending-connector.ts';
import { printTable } from '../print-table.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 orgs [name]`: lists the organizations that the user of a connection can access. */
export default async function orgs({ terminal, args, options }: CommandContext) {
  const connections = await openConnectionStore();
  try {
    const { saved, credential, options: connectOptions } = await connections.open(args[0]);
    if (credential.kind !== 'user') throw userConnectionRequired(saved.name);
    const connector = await loadSendingConnector({
      manifest: options.manifest,
      store: connections.store,
    });
    const organizations = await terminal.withSpinner('calling the discovery service', () =>
      connector.organizations(saved.settings, credential, connectOptions),
    );
    if (terminal.json) for (const organization of organizations) terminal.printJson(organization);
    else if (organizations.length === 0) terminal.printNote('This user has access to no organization.');
    else {
      const rows = organizations.map(({ name, url, region, version, enabled }) => [
        name,
        url,
        region,
        version,
        enabled ? '' : 'disabled',
      ]);
      printTable(terminal, ['name', 'url', 'region', 'version', ''], rows);
    }
    return 0;
  } finally {
    connections.close();
  }
}

function userConnectionRequired(name: string): ConnectorError {
  const message = `"${name}" is the connection of an app; only the organizations of a user can be listed.`;
  return new ConnectorError('CONNECTION_INVALID', message, {
    advice: 'Create the connection of a user: `d365 connect` without --app.',
  });
}
