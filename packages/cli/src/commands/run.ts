import type { Json } from 'dynamics365-connector';
import { type CallOptionFlags, toRunOptions } from '../call-option-flags.ts';
import { exitCodes } from '../exit-codes.ts';
import { openClient } from '../open-client.ts';
import { printRow, printRows } from '../print-rows.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 run <action>`: one action, its output, and what to know about how it went. */
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
  if (meta.hasMore) terminal.printNote(`There is more: d365 list ${action} reads on, or raise the limit.`);
  if (meta.replayed) terminal.printNote('An earlier attempt had done the work; this is its row.');
  if (meta.missingColumns) terminal.printNote(`This organization lacks: ${meta.missingColumns.join(', ')}`);
  return exitCodeFor(output);
}

/** An action that writes many rows answers those that were refused; a script must not take that for done. */
function exitCodeFor(output: Json): number {
  const failed = output !== null && typeof output === 'object' && 'failed' in output ? output.failed : [];
  return Array.isArray(failed) && failed.length > 0 ? exitCodes.data : 0;
}
