import { openConnectionStore } from 'dynamics365-connector/node';
import type { CommandContext } from './command-context.ts';

/** `d365 disconnect <name>`: removes a connection with its tokens and secrets. */
export default async function disconnect({ terminal, args }: CommandContext) {
  const [name = ''] = args;
  const connections = await openConnectionStore();
  try {
    await connections.remove(name);
    terminal.printNote(`${name} is removed from this machine. Entra still has the consent for the app.`);
    return 0;
  } finally {
    connections.close();
  }
}
