import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { isGuid, resolveTable, rowUrl, runtimeOf } from 'dynamics365-connector/host';
import { openBrowser } from '../open-browser.ts';
import { type OpenedClient, openClient } from '../open-client.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 open <table> <id>`: prints the address of a row in Dynamics 365, and opens it on a terminal. */
export default async function open({ terminal, args, options }: CommandContext) {
  const [table = '', row = ''] = args;
  const opened = await openClient(options);
  const { definition } = runtimeOf(opened.connector);
  const { metadata } = opened.client;
  const { logicalName, suggestions } = await resolveTable(definition, metadata, table);
  if (suggestions.length > 0) {
    const message = `There is no table "${table}". Did you mean ${suggestions.join(' or ')}?`;
    throw new ConnectorError('INPUT_INVALID', message, { suggestions });
  }
  const id = isGuid(row) ? row : await findRow(opened, table, row);
  const url = rowUrl(metadata.origin, logicalName, id);
  if (terminal.json) terminal.printJson({ url });
  else terminal.print(url);
  if (terminal.interactive) openBrowser(url);
  return 0;
}

/** The row with this number or name, such as CAS-01001-A1B2C3. */
async function findRow({ client, connector }: OpenedClient, table: string, text: string): Promise<string> {
  const search = `${table}.search`;
  const isKnown = Object.hasOwn(runtimeOf(connector).definition.actions, search);
  const rows = isKnown
    ? ((await client.run(search, { text, limit: 2 })).output as readonly JsonObject[])
    : [];
  const [first, ...others] = rows;
  if (first !== undefined && others.length === 0) return String(first.id);
  const count = first === undefined ? 'no row' : 'several rows';
  throw new ConnectorError('NOT_FOUND', `There is ${count} of ${table} with the text "${text}".`, {
    advice: `Give the id. \`d365 run ${search} --set text=…\` lists rows with their ids.`,
  });
}
