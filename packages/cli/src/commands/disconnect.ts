import { openConnections } from 'dynamics365-connector/node';
import type { CommandContext } from './context.ts';

/** `d365 disconnect <name>`: forgets the connection, its tokens and its secrets. */
export default async function disconnect({ terminal, args }: CommandContext) {
  const connections = await openConnections();
  try {
    await connections.remove(args[0]!);
    terminal.note(`${args[0]} is forgotten on this machine. Entra still knows the app’s consent.`);
    return 0;
  } finally {
    connections.close();
  }
}
