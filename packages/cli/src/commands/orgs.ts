import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { openConnectionStore } from 'dynamics365-connector/node';
import { printTable } from '../print-table.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 orgs [name]`: the organizations that the user of a connection may enter. */
export default async function orgs({ terminal, args, options }: CommandContext) {
  const connections = await openConnectionStore();
  try {
    const { saved, credential, options: connectOptions } = await connections.open(args[0]);
    if (credential.kind !== 'user') throw userConnectionRequired(saved.name);
    const connector = await loadConnector({
      folder: options.manifest,
      services: { store: connections.store },
    });
    const found = await terminal.withSpinner('asking the discovery service', () =>
      connector.organizations(saved.settings, credential, connectOptions),
    );
    if (terminal.json) for (const organization of found) terminal.print(JSON.stringify(organization));
    else if (found.length === 0) terminal.printNote('none that this user may enter');
    else {
      const rows = found.map(({ name, url, region, version, enabled }) => [
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
  return new ConnectorError(
    'CONNECTION_INVALID',
    `"${name}" is an app’s connection; only users have a list.`,
    {
      advice: 'Make a connection of a user with `d365 connect`, without --app.',
    },
  );
}
