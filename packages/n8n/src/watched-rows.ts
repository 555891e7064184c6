import type { JsonObject, StateStore, TriggerDefinition } from 'dynamics365-connector';
import { ConnectorError } from 'dynamics365-connector/host';

/**
 * Maximum number of rows of a table whose columns a trigger watches. Their state has about 170 bytes a row with one
 * column and 240 with three, and n8n writes all of it to its database with each event: 2.4 MB for 10,000 rows.
 */
export const maxWatchedRows = 10_000;

/** Whether a trigger watches columns, so that its state has a record of every row. */
export function watchesColumns({ watch }: TriggerDefinition, params: JsonObject): boolean {
  const { columns: input } = watch.inputs ?? {};
  const chosen = input === undefined ? undefined : params[input];
  return watch.columns.length > 0 || (Array.isArray(chosen) && chosen.length > 0);
}

/** STORE_FAILED if the state of a trigger has records of too many rows. */
export async function assertFewRows(store: StateStore, maxRows = maxWatchedRows): Promise<void> {
  const keys = await store.keys('feed/');
  const rows = keys.filter((key) => key.includes('/row/')).length;
  if (rows <= maxRows) return;
  const limit = maxRows.toLocaleString('en-US');
  throw new ConnectorError(
    'STORE_FAILED',
    `The trigger watches columns of a table with more than ${limit} rows, the limit in n8n.`,
    {
      advice:
        'n8n writes the values of all rows to its database with each event. Run this trigger with d365 worker and deliver its events to a Webhook node (docs/worker.md), or use a trigger that watches no columns.',
    },
  );
}
