import type { JsonObject } from 'dynamics365-connector';
import { openClient } from '../open-client.ts';
import { type InputOptions, readInput } from '../read-input.ts';
import { showRows } from '../show-rows.ts';
import type { CommandContext } from './context.ts';

/** `d365 list <action>`: rows over all pages; JSON Lines with --json, as they arrive. */
export default async function list({ terminal, args, options }: CommandContext<InputOptions>) {
  const [action = ''] = args;
  const input = await readInput(options);
  const { client } = await openClient(options);
  const rows: JsonObject[] = [];
  await terminal.during(action, async (say) => {
    let count = 0;
    for await (const page of client.list(action, input).pages()) {
      count += page.rows.length;
      say(`${action}: ${count} rows`);
      if (terminal.json) for (const row of page.rows) terminal.out(JSON.stringify(row));
      else rows.push(...page.rows);
    }
  });
  if (!terminal.json) showRows(terminal, rows);
  return 0;
}
