import { openConnectionStore } from 'dynamics365-connector/node';
import type { CommandContext } from './command-context.ts';

/** `d365 rotate-keys`: adds a new key to the key file and encrypts all stored secrets with it. */
export default async function rotateKeys({ terminal }: CommandContext) {
  const connections = await openConnectionStore();
  try {
    const sealed = await terminal.withSpinner('encrypting', () => connections.vault.rotate());
    if (terminal.json) terminal.printJson({ sealed });
    else
      terminal.printNote(`Secrets encrypted with the new key: ${sealed}. The key file keeps the older keys.`);
    return 0;
  } finally {
    connections.close();
  }
}
