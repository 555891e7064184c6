import { type Connection, requireOperation, runPoll, type Table } from 'dynamics365-connector/host';
import type { PollSubscription } from './subscription.ts';

/** Connections by their names in the worker's file. */
export type ConnectionsByName = ReadonlyMap<string, Connection>;

/** Polls with the engine, on opened connections. The poll's state is kept where the worker says. */
export function createPoller(connections: ConnectionsByName): PollSubscription {
  return async (subscription, { checkpoint, store, signal }) => {
    const connection = connections.get(subscription.connection)!;
    const trigger = requireOperation('trigger', connection.definition.triggers, subscription.trigger);
    const isolated = { ...connection, services: { ...connection.services, store } };
    const { items, ...result } = await runPoll(isolated, trigger, subscription.params, checkpoint, {
      signal,
      ...(subscription.from === undefined ? {} : { from: subscription.from }),
      ...(subscription.ignoreChangesBy === undefined
        ? {}
        : { ignoreChangesBy: subscription.ignoreChangesBy }),
    });
    const key = keyColumnName(connection.definition.tables[trigger.watch.table]!);
    return { ...result, events: items.map((item) => ({ rowId: String(item.row[key]), item })) };
  };
}

/** Our name of a table's key column. */
function keyColumnName({ columns, key }: Table): string {
  return columns.find(({ logicalName }) => logicalName === key)?.name ?? key;
}
