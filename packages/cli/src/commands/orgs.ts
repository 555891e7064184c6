import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { openConnections } from 'dynamics365-connector/node';
import { showTable } from '../table.ts';
import type { CommandContext } from './context.ts';

/** `d365 orgs [name]`: the organisations that the user of a connection may enter. */
export default async function orgs({ terminal, args, options }: CommandContext) {
  const connections = await openConnections();
  try {
    const { saved, credential, options: operator } = await connections.open(args[0]);
    if (credential.kind !== 'user') throw onlyUsers(saved.name);
    const connector = await loadConnector({ folder: options.manifest, world: { store: connections.store } });
    const found = await terminal.during('asking the discovery service', () =>
      connector.organisations(saved.settings, credential, operator),
    );
    if (terminal.json) for (const organisation of found) terminal.out(JSON.stringify(organisation));
    else if (found.length === 0) terminal.note('none that this user may enter');
    else {
      const rows = found.map(({ name, url, region, version, enabled }) => [
        name,
        url,
        region,
        version,
        enabled ? '' : 'disabled',
      ]);
      showTable(terminal, ['name', 'url', 'region', 'version', ''], rows);
    }
    return 0;
  } finally {
    connections.close();
  }
}

function onlyUsers(name: string): ConnectorError {
  return new ConnectorError(
    'CONNECTION_INVALID',
    `"${name}" is an app’s connection; only users have a list.`,
    {
      advice: 'Make a connection of a user with `d365 connect`, without --app.',
    },
  );
}
