import { ConnectorError, type PollItem } from 'dynamics365-connector';
import { type Connection, createClient, requireOperation } from 'dynamics365-connector/host';
import { type ConnectionsByName, requireConnection } from './poller.ts';
import type { RereadItem, Subscription } from './subscription.ts';

/**
 * Creates the function that reads the row of an event again, for a replay. A row that does not exist any more makes the
 * event a deletion; the row of a deletion is not read.
 */
export function createReread(connections: ConnectionsByName): RereadItem {
  return async (subscription, { item, rowId }, signal) => {
    if (item.change === 'deleted') return item;
    const connection = requireConnection(connections, subscription.connection);
    try {
      return { ...item, row: await readRow(connection, subscription, { rowId, signal }) };
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code !== 'NOT_FOUND') throw error;
      return { ...item, change: 'deleted', row: { id: rowId } };
    }
  };
}

/** Reads the row with the action that has the same output as the items of the trigger: any table has `record.get`. */
async function readRow(
  connection: Connection,
  { trigger: id, params }: Subscription,
  { rowId, signal }: { readonly rowId: string; readonly signal: AbortSignal },
): Promise<PollItem['row']> {
  const { actions, triggers } = connection.definition;
  const { table, inputs } = requireOperation('trigger', triggers, id).watch;
  const action = `${table}.get`;
  const [name, input] = Object.hasOwn(actions, action)
    ? [action, { id: rowId }]
    : ['record.get', { table: table ?? params[inputs?.table ?? ''] ?? '', id: rowId }];
  const { output } = await createClient(connection).run(name, input, { signal });
  return output as PollItem['row'];
}
