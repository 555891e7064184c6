import { type ConnectionStore, openConnectionStore } from 'dynamics365-connector/node';
import { loadSendingConnector } from '../load-sending-connector.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 check-connection [name]`: calls WhoAmI. A failure says what is wrong and who can correct it. */
export default async function checkConnection({ terminal, args, options }: CommandContext) {
  const connections = await openConnectionStore();
  try {
    return await checkSavedConnection(terminal, connections, args[0] ?? options.connection, options.manifest);
  } finally {
    connections.close();
  }
}

/** Checks a saved connection and prints its user. */
export async function checkSavedConnection(
  terminal: Terminal,
  connections: ConnectionStore,
  name: string | undefined,
  folder: string | undefined,
): Promise<number> {
  const { saved, credential, options } = await connections.open(name);
  const connector = await loadSendingConnector({ manifest: folder, store: connections.store });
  const client = connector.connect(saved.settings, credential, options);
  const who = await terminal.withSpinner(`checking ${saved.name}`, () => client.check());
  if (terminal.json) {
    terminal.printJson({ connection: saved.name, ...saved.settings, ...who });
    return 0;
  }
  const account = saved.account ?? `the app ${saved.clientId}`;
  terminal.print(`${terminal.style('green', '✔')} ${saved.name}: ${saved.settings.orgUrl} as ${account}`);
  terminal.print(`  user ${who.userId}, organization ${who.organizationId}`);
  return 0;
}
