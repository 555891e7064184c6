import { quoteString } from '../odata/quote-string.ts';
import type { Connection } from '../run/connection.ts';
import { titleOf } from './compare-registration.ts';
import { type PushMessage, type PushStep, pushMessages } from './push-steps.ts';
import { readAll } from './read-registration.ts';

/** A message of a table: the ids to which a step is bound. */
export interface MessageFilter {
  readonly message: string;
  readonly filter: string;
}

const tablesPerRequest = 20;

/** The message filters that accept steps, by `incident Update`. */
export async function readMessageFilters(
  connection: Connection,
  steps: readonly PushStep[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, MessageFilter>> {
  const messages = await readAll(connection, 'sdkmessages', {
    select: 'sdkmessageid,name',
    filter: pushMessages.map((name) => `name eq ${quoteString(name)}`).join(' or '),
    signal,
  });
  const names = new Map(messages.map((row) => [String(row.sdkmessageid), row.name as PushMessage]));
  const tables = [...new Set(steps.map(({ table }) => table))];
  const found = new Map<string, MessageFilter>();
  for (let start = 0; start < tables.length; start += tablesPerRequest) {
    const part = tables.slice(start, start + tablesPerRequest);
    const rows = await readAll(connection, 'sdkmessagefilters', {
      select: 'sdkmessagefilterid,primaryobjecttypecode,_sdkmessageid_value,iscustomprocessingstepallowed',
      filter: `(${part.map((table) => `primaryobjecttypecode eq ${quoteString(table)}`).join(' or ')}) and (${[
        ...names.keys(),
      ]
        .map((id) => `_sdkmessageid_value eq ${id}`)
        .join(' or ')})`,
      signal,
    });
    for (const row of rows) {
      const message = String(row._sdkmessageid_value);
      const name = names.get(message);
      if (name === undefined || row.iscustomprocessingstepallowed !== true) continue;
      const title = titleOf({ table: String(row.primaryobjecttypecode), message: name });
      found.set(title, { message, filter: String(row.sdkmessagefilterid) });
    }
  }
  return found;
}
