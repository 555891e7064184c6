import { openConnectionStore } from 'dynamics365-connector/node';
import type { CommandContext } from './command-context.ts';

/** `d365 rotate-keys`: a new key on top of the key file, and everything sealed again under it. */
export default async function rotateKeys({ terminal }: CommandContext) {
  const connections = await openConnectionStore();
  try {
    const sealed = await terminal.withSpinner('sealing again', () => connections.vault.rotate());
    if (terminal.json) terminal.print(JSON.stringify({ sealed }));
    else terminal.printNote(`Sealed again under the key on top: ${sealed}. Older keys stay below it.`);
    return 0;
  } finally {
    connections.close();
  }
}
