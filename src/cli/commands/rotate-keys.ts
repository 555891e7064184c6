import { rotateKeys } from '../../node/connections.ts';
import type { CommandContext } from './context.ts';

/** `d365 rotate-keys`: a new key for the vault, and everything sealed again under it. */
export default async function rotate({ terminal }: CommandContext) {
  const { sealed } = await terminal.during('sealing again', () => rotateKeys());
  if (terminal.json) terminal.out(JSON.stringify({ sealed }));
  else
    terminal.note(
      `${sealed} secrets are sealed under a new key; the old one is kept below it in the key file.`,
    );
  return 0;
}
