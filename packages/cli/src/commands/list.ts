import { describeOperation, requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { inputSchemaOf } from '../input-schema.ts';
import { openClient } from '../open-client.ts';
import { createRowPrinter } from '../print-rows.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import { addColumnsToInput, rowColumnsOf } from '../row-columns.ts';
import type { CommandContext, RowOptions } from './command-context.ts';

/** `d365 list <action>`: lists the rows of all pages. In a pipe, each page is printed when it arrives. */
export default async function list({ terminal, args, options }: CommandContext<InputOptions & RowOptions>) {
  const [id = ''] = args;
  const { client, connector } = await openClient(options);
  const { definition } = runtimeOf(connector);
  const { actions, triggers } = definition;
  const action = requireOperation('action', actions, id, triggers);
  const { mainColumns } = describeOperation(definition, action).answer;
  const columns = rowColumnsOf(action, options.columns, mainColumns);
  const given = await readInput(options, inputSchemaOf(connector, id, client));
  const input = addColumnsToInput(action, given, options.columns);
  const printer = createRowPrinter(terminal, { columns, csv: options.csv === true });
  await terminal.withSpinner(id, async (update) => {
    let count = 0;
    for await (const page of client.list(id, input).pages()) {
      count += page.rows.length;
      update(`${id}: ${count} rows`);
      printer.add(page.rows);
    }
  });
  printer.end();
  return 0;
}
