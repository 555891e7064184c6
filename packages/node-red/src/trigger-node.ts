import { createHash } from 'node:crypto';
import { ConnectorError, type JsonObject, type PollItem } from 'dynamics365-connector';
import { asConnectorError, lookUp } from 'dynamics365-connector/host';
import { clientOf } from './connection-node.ts';
import type { House } from './house.ts';
import { readValues, type Values } from './read-values.ts';
import type { RedNode } from './red.ts';
import { runTrigger, type TriggerLoop } from './trigger-loop.ts';

interface TriggerConfig {
  readonly connection: string;
  readonly trigger: string;
  readonly values: Values;
  /** Seconds between polls; the trigger's own unless told. */
  readonly everySeconds: string;
  /** Where a first poll starts: `beginning`, a date, or now. */
  readonly from: string;
}

/** The type of the node that starts a flow for each thing that happened. */
export function registerTrigger(house: House): void {
  function Trigger(this: RedNode, config: TriggerConfig): void {
    house.red.nodes.createNode(this, config);
    const closing = new AbortController();
    const running = openLoop(house, this, config).then(
      (loop) => runTrigger(loop, closing.signal),
      (error: unknown) => show(this, asConnectorError(error)),
    );
    this.on('close', (_removed, done) => {
      closing.abort();
      void running.finally(done);
    });
  }
  house.red.nodes.registerType('dynamics365-trigger', Trigger);
}

async function openLoop(house: House, node: RedNode, config: TriggerConfig): Promise<TriggerLoop> {
  const { connector, store, deliveries, red } = house;
  const { id, watch } = lookUp('trigger', connector.definition.triggers, config.trigger);
  const params = await readValues(red, config.values, { node, message: {} });
  const client = () => clientOf(house, config.connection);
  const from = config.from ? { from: config.from } : {};
  return {
    poll: async (checkpoint, signal) => (await client()).poll(id, params, checkpoint, { signal, ...from }),
    deliver: (item, signal) => {
      const message = messageOf(item, id, red.util.generateId());
      return deliveries.deliver(message._msgid, () => node.send(message), signal);
    },
    store,
    key: keyOf(node, { trigger: id, connection: config.connection, params }),
    everyMs: Number(config.everySeconds) * 1000 || watch.everyMs,
    clock: connector.world.clock,
    told: (news) => show(node, news),
  };
}

/** `msg.payload` is the row, `msg.dynamics365` the event; its `id` is the same when the event is repeated. */
function messageOf({ row, ...event }: PollItem, topic: string, _msgid: string) {
  return { _msgid, topic, payload: row, dynamics365: event };
}

/** Another trigger, other params or another connection have a place of their own. */
function keyOf({ id }: RedNode, about: JsonObject): string {
  return `node-red/${id}/${createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 32)}`;
}

function show(node: RedNode, news: Parameters<TriggerLoop['told']>[0]): void {
  if (!(news instanceof ConnectorError)) {
    node.status({ fill: 'green', shape: 'dot', text: `${news.items.length} new` });
    return;
  }
  node.status({ fill: 'red', shape: 'ring', text: news.code });
  node.error(news, { dynamics365: { error: news.toJSON() } });
}
