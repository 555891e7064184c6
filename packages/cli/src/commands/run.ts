import type { Json } from 'dynamics365-connector';
import { readCallOptions, type TypedCallOptions } from '../call-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { openClient } from '../open-client.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import { showRow, showRows } from '../show-rows.ts';
import type { CommandContext } from './context.ts';

/** `d365 run <action>`: one action, its output, and what to know about how it went. */
export default async function run({
  terminal,
  args,
  options,
}: CommandContext<InputOptions & TypedCallOptions>): Promise<number> {
  const [action = ''] = args;
  const input = await readInput(options);
  const { client } = await openClient(options);
  const { output, meta } = await terminal.during(action, () =>
    client.run(action, input, readCallOptions(options)),
  );
  if (terminal.json) {
    terminal.out(JSON.stringify({ output, meta }));
    return codeOf(output);
  }
  if (Array.isArray(output)) showRows(terminal, output);
  else if (output === null) terminal.note('done');
  else showRow(terminal, output);
  if (meta.more) terminal.note(`There is more: d365 list ${action} reads on, or raise the limit.`);
  if (meta.replayed) terminal.note('An earlier attempt had done the work; this is its row.');
  if (meta.missingColumns) terminal.note(`This organisation lacks: ${meta.missingColumns.join(', ')}`);
  return codeOf(output);
}

/** An action that writes many rows answers those that were refused; a script must not take that for done. */
function codeOf(output: Json): number {
  const failed = output !== null && typeof output === 'object' && 'failed' in output ? output.failed : [];
  return Array.isArray(failed) && failed.length > 0 ? exitCodes.data : 0;
}
