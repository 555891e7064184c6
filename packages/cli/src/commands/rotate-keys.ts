import { openConnections } from 'dynamics365-connector/node';
import type { CommandContext } from './context.ts';

/** `d365 rotate-keys`: a new key on top of the key file, and everything sealed again under it. */
export default async function rotateKeys({ terminal }: CommandContext) {
  const connections = await openConnections();
  try {
    const sealed = await terminal.during('sealing again', () => connections.vault.rotate());
    if (terminal.json) terminal.out(JSON.stringify({ sealed }));
    else terminal.note(`Sealed again under the key on top: ${sealed}. Older keys stay below it.`);
    return 0;
  } finally {
    connections.close();
  }
}
