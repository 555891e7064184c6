import { openConnectionStore } from 'dynamics365-connector/node';
import type { CommandContext } from './command-context.ts';

/** `d365 disconnect <name>`: forgets the connection, its tokens and its secrets. */
export default async function disconnect({ terminal, args }: CommandContext) {
  const connections = await openConnectionStore();
  try {
    await connections.remove(args[0]!);
    terminal.printNote(`${args[0]} is forgotten on this machine. Entra still knows the app’s consent.`);
    return 0;
  } finally {
    connections.close();
  }
}
