import { checkConnection } from '../auth/check.ts';
import type { Connection } from '../engine/connection.ts';
import { lookUp } from '../engine/look-up.ts';
import { pollConnection } from '../engine/poll-connection.ts';
import type { Table } from '../model/table.ts';
import type { PollSubscription } from './subscription.ts';

/** Connections by their names in the worker's file. */
export type Connections = ReadonlyMap<string, Connection>;

/** Polls with the engine, on opened connections. The poll's state is kept where the worker says. */
export function createPoller(connections: Connections): PollSubscription {
  const ownUser = createOwnUser();
  return async (subscription, { checkpoint, store, signal }) => {
    const connection = connections.get(subscription.connection)!;
    const trigger = lookUp('trigger', connection.definition.triggers, subscription.trigger);
    const alone = { ...connection, world: { ...connection.world, store } };
    const { items, ...result } = await pollConnection(alone, trigger, subscription.params, checkpoint, {
      signal,
      ...(subscription.from === undefined ? {} : { from: subscription.from }),
      ...(subscription.ignoreChangesBy === undefined ? {} : { ignoreChangesBy: await ownUser(connection) }),
    });
    const key = keyName(connection.definition.tables[trigger.watch.table]!);
    return { ...result, events: items.map((item) => ({ record: String(item.row[key]), item })) };
  };
}

/** Our name of a table's key column. */
function keyName({ columns, key }: Table): string {
  return columns.find(({ column }) => column === key)?.name ?? key;
}

/** The user that a connection acts as: asked for once, and once more after it could not be had. */
function createOwnUser(): (connection: Connection) => Promise<string> {
  const known = new Map<Connection, string>();
  return async (connection) => {
    const userId = known.get(connection) ?? (await askWhoAmI(connection));
    known.set(connection, userId);
    return userId;
  };
}

async function askWhoAmI({ environment, tokens, exchange, baseUrl, world }: Connection): Promise<string> {
  const whoAmI = () =>
    exchange({
      operation: 'worker',
      method: 'GET',
      url: `${baseUrl}/WhoAmI`,
      headers: {},
      safety: 'repeatable',
      requestId: world.uuid(),
    });
  return (await checkConnection({ environment, tokens, whoAmI })).userId;
}
