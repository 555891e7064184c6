import type { Json } from 'dynamics365-connector';
import { type CallOptionFlags, toRunOptions } from '../call-option-flags.ts';
import { exitCodes } from '../exit-codes.ts';
import { openClient } from '../open-client.ts';
import { printRow, printRows } from '../print-rows.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 run <action>`: runs an action and prints its output; notes about the run go to stderr. */
export default async function run({
  terminal,
  args,
  options,
}: CommandContext<InputOptions & CallOptionFlags>): Promise<number> {
  const [action = ''] = args;
  const input = await readInput(options);
  const { client } = await openClient(options);
  const { output, meta } = await terminal.withSpinner(action, () =>
    client.run(action, input, toRunOptions(options)),
  );
  if (terminal.json) {
    terminal.print(JSON.stringify({ output, meta }));
    return exitCodeFor(output);
  }
  if (Array.isArray(output)) printRows(terminal, output);
  else if (output === null) terminal.printNote('done');
  else printRow(terminal, output);
  if (meta.hasMore) terminal.printNote(`There are more rows. Use d365 list ${action}, or a higher limit.`);
  if (meta.replayed) terminal.printNote('An earlier call with this key created the row; this is that row.');
  if (meta.missingColumns) terminal.printNote(`This organization lacks: ${meta.missingColumns.join(', ')}`);
  return exitCodeFor(output);
}

/** The output of an action that writes many rows lists rejected rows: scripts see them in the exit code. */
function exitCodeFor(output: Json): number {
  const failed = output !== null && typeof output === 'object' && 'failed' in output ? output.failed : [];
  return Array.isArray(failed) && failed.length > 0 ? exitCodes.data : 0;
}
