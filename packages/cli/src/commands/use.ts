import { openConnectionStore } from 'dynamics365-connector/node';
import type { CommandContext } from './command-context.ts';

/** `d365 use <name>`: chooses the connection of commands without --connection. */
export default async function use({ terminal, args }: CommandContext) {
  const [name = ''] = args;
  const connections = await openConnectionStore();
  try {
    await connections.setDefault(name);
    if (terminal.json) terminal.printJson({ default: name });
    else terminal.printNote(`Commands without --connection use ${name}.`);
    return 0;
  } finally {
    connections.close();
  }
}
