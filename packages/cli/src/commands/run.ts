import type { Json, JsonObject } from 'dynamics365-connector';
import { describeOperation, requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { type CallOptionFlags, toRunOptions } from '../call-option-flags.ts';
import { confirmDeletion } from '../confirm-deletion.ts';
import { exitCodes } from '../exit-codes.ts';
import { inputSchemaOf } from '../input-schema.ts';
import { openClient } from '../open-client.ts';
import { createRowPrinter, printRow } from '../print-rows.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import { addColumnsToInput, rowColumnsOf } from '../row-columns.ts';
import { interruptedExitCode, runInterruptible } from '../run-interruptible.ts';
import type { CommandContext, RowOptions } from './command-context.ts';

const notConfirmedExitCode = 1;

/** `d365 run <action>`: runs an action and prints its output; notes about the run go to stderr. */
export default async function run({
  terminal,
  args,
  options,
}: CommandContext<
  InputOptions & CallOptionFlags & RowOptions & { readonly yes?: boolean }
>): Promise<number> {
  const [id = ''] = args;
  const { client, connector } = await openClient(options);
  const { definition } = runtimeOf(connector);
  const { actions, triggers } = definition;
  const action = requireOperation('action', actions, id, triggers);
  const { mainColumns } = describeOperation(definition, action).answer;
  const columns = rowColumnsOf(action, options.columns, mainColumns);
  const given = await readInput(options, inputSchemaOf(connector, id, client));
  const input = addColumnsToInput(action, given, options.columns);
  const { origin } = client.metadata;
  const isConfirmed = options.yes || (await confirmDeletion(terminal, { connector, action, input, origin }));
  if (!isConfirmed) {
    terminal.printNote('Not run.');
    return notConfirmedExitCode;
  }
  const call = { action, input, options: toRunOptions(options) };
  const result = await runInterruptible(terminal, { client }, call);
  if (result === undefined) return interruptedExitCode;
  const { output, meta } = result;
  if (terminal.json) {
    terminal.printJson({ output, meta });
    return exitCodeFor(output);
  }
  if (Array.isArray(output)) {
    const printer = createRowPrinter(terminal, { columns, csv: options.csv === true });
    printer.add(output as readonly JsonObject[]);
    printer.end();
  } else if (output === null) terminal.printNote('done');
  else printRow(terminal, output);
  if (meta.hasMore) terminal.printNote(`There are more rows. Use d365 list ${id}, or a higher limit.`);
  if (meta.replayed) terminal.printNote('An earlier call with this key created the row; this is that row.');
  if (meta.missingColumns) terminal.printNote(`This organization lacks: ${meta.missingColumns.join(', ')}`);
  return exitCodeFor(output);
}

/** The output of an action that writes many rows lists rejected rows: scripts see them in the exit code. */
function exitCodeFor(output: Json): number {
  const failed = output !== null && typeof output === 'object' && 'failed' in output ? output.failed : [];
  return Array.isArray(failed) && failed.length > 0 ? exitCodes.data : 0;
}
