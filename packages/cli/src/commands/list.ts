import type { JsonObject } from 'dynamics365-connector';
import { openClient } from '../open-client.ts';
import { printRows } from '../print-rows.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 list <action>`: lists the rows of all pages. With --json, it prints each page when it arrives. */
export default async function list({ terminal, args, options }: CommandContext<InputOptions>) {
  const [action = ''] = args;
  const input = await readInput(options);
  const { client } = await openClient(options);
  const rows: JsonObject[] = [];
  await terminal.withSpinner(action, async (update) => {
    let count = 0;
    for await (const page of client.list(action, input).pages()) {
      count += page.rows.length;
      update(`${action}: ${count} rows`);
      if (terminal.json) for (const row of page.rows) terminal.print(JSON.stringify(row));
      else rows.push(...page.rows);
    }
  });
  if (!terminal.json) printRows(terminal, rows);
  return 0;
}
