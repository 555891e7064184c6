import { ConnectorError } from 'dynamics365-connector';
import { type Connection, requireOperation, runPoll, type Table } from 'dynamics365-connector/host';
import type { PollSubscription } from './subscription.ts';

/** Connections by their names in the worker file. */
export type ConnectionsByName = ReadonlyMap<string, Connection>;

/** Creates the function that polls triggers on these connections. A poll keeps its state in the store of its input. */
export function createPoller(connections: ConnectionsByName): PollSubscription {
  return async ({ connection: name, trigger: id, params, from, ignoreChangesBy }, input) => {
    const { checkpoint, store, signal } = input;
    const connection = requireConnection(connections, name);
    const { triggers, tables } = connection.definition;
    const trigger = requireOperation('trigger', triggers, id);
    const isolated = { ...connection, services: { ...connection.services, store } };
    const options = { signal, from, ignoreChangesBy };
    const { items, ...result } = await runPoll(isolated, trigger, params, checkpoint, options);
    const keyColumn = keyColumnName(tables[trigger.watch.table]);
    return { ...result, events: items.map((item) => ({ rowId: String(item.row[keyColumn]), item })) };
  };
}

function requireConnection(connections: ConnectionsByName, name: string): Connection {
  const connection = connections.get(name);
  if (connection !== undefined) return connection;
  throw new ConnectorError('SETTING_INVALID', `There is no connection "${name}".`);
}

/** The property that has the key of a row: `id` in all tables of the manifest. */
function keyColumnName(table: Table | undefined): string {
  const keyColumn = table?.columns.find(({ logicalName }) => logicalName === table.key);
  return keyColumn?.name ?? table?.key ?? 'id';
}
