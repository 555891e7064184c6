import { createHash } from 'node:crypto';
import { type Clock, ConnectorError, type JsonObject, type PollItem } from 'dynamics365-connector';
import { asConnectorError, readDeletedId, requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { openClientForNode } from './connection-node.ts';
import { evaluateFormFields, type FormFields } from './evaluate-form-fields.ts';
import type { NodeRedNode } from './node-red-api.ts';
import type { NodeRedContext } from './node-red-context.ts';
import { clockTime, showDone, showFailure, toNodeError } from './show-status.ts';
import { runTriggerLoop, type TriggerLoopOptions } from './trigger-loop.ts';
import { createTriggerWakes, type TriggerWakes } from './trigger-wakes.ts';

interface TriggerConfig {
  readonly connection: string;
  readonly trigger: string;
  readonly values: FormFields;
  /** Seconds between polls; empty: the interval of the trigger. */
  readonly everySeconds: string;
  /** Where the first poll starts: `beginning`, an RFC 3339 date-time, or empty for now. */
  readonly from: string;
  /** Ignore what this connection writes. */
  readonly ignoreOwnChanges?: boolean;
}

/** Registers `dynamics365-trigger`, the node that sends a message for each event. A message to it causes a poll. */
export function registerTriggerNode(context: NodeRedContext): void {
  function TriggerNode(this: NodeRedNode, config: TriggerConfig): void {
    context.red.nodes.createNode(this, config);
    const closing = new AbortController();
    const wakes = createTriggerWakes();
    const table = tableOf(context, config);
    this.on('input', ({ payload }, _send, done) => {
      wakes.add(table === undefined ? undefined : readDeletedId(toWebhookBody(payload), table));
      done();
    });
    const running = openTriggerLoop(context, this, { config, wakes }).then(
      (loop) => runTriggerLoop(loop, closing.signal),
      (error: unknown) => reportFailure(this, asConnectorError(error)),
    );
    this.on('close', (_removed, done) => {
      closing.abort();
      void running.finally(done);
    });
  }
  context.red.nodes.registerType('dynamics365-trigger', TriggerNode);
}

/** The part of a message that may be the parsed body of a webhook. */
function toWebhookBody(payload: unknown): string {
  const { MessageName, PrimaryEntityName, PrimaryEntityId } = Object(payload) as Record<string, unknown>;
  return JSON.stringify({
    MessageName: String(MessageName),
    PrimaryEntityName: String(PrimaryEntityName),
    PrimaryEntityId: String(PrimaryEntityId),
  });
}

/** The logical name of the trigger's table; undefined if a param names it. */
function tableOf({ connector }: NodeRedContext, { trigger }: TriggerConfig): string | undefined {
  const { triggers, tables } = runtimeOf(connector).definition;
  return tables[triggers[trigger]?.watch.table ?? '']?.logicalName;
}

async function openTriggerLoop(
  context: NodeRedContext,
  node: NodeRedNode,
  { config, wakes }: { readonly config: TriggerConfig; readonly wakes: TriggerWakes },
): Promise<TriggerLoopOptions> {
  const { connector, store, deliveryTracker, red, feeds } = context;
  const { id, watch } = requireOperation('trigger', runtimeOf(connector).definition.triggers, config.trigger);
  const params = await evaluateFormFields(red, config.values, { node, message: {} });
  const openClient = () => openClientForNode(context, config.connection);
  const from = config.from || undefined;
  const ignoreChangesBy = config.ignoreOwnChanges === true ? 'self' : undefined;
  // A deployment resumes a trigger that was paused because its messages changed the row again and again.
  let resume = true;
  return {
    async poll(checkpoint, { signal, wake }) {
      const client = await openClient();
      const result = await client.poll(id, params, checkpoint, {
        ...feeds,
        signal,
        wake,
        from,
        ignoreChangesBy,
        resume,
      });
      resume = false;
      return result;
    },
    deliver: (item, signal) => {
      const message = toMessage(item, id, red.util.generateId());
      return deliveryTracker.sendAndTrack(message._msgid, () => node.send(message), signal);
    },
    store,
    positionKey: positionKeyOf(node, { trigger: id, connection: config.connection, params }),
    everyMs: Number(config.everySeconds) * 1000 || watch.intervalMs,
    clock: runtimeOf(connector).services.clock,
    wakes,
    onResult: createReporter(node, runtimeOf(connector).services.clock),
  };
}

/** `msg.payload` is the row, `msg.dynamics365` the event; its `id` is the same when the event is delivered again. */
function toMessage({ row, ...event }: PollItem, topic: string, _msgid: string) {
  return { _msgid, topic, payload: row, dynamics365: event };
}

/** The position belongs to a trigger, its params and its connection; with others the trigger starts over. */
function positionKeyOf({ id }: NodeRedNode, identity: JsonObject): string {
  return `node-red/${id}/${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32)}`;
}

/** Shows the number of new events and the time of the last one; a poll without events keeps both. */
function createReporter(node: NodeRedNode, clock: Clock): TriggerLoopOptions['onResult'] {
  let last: string | undefined;
  return (result) => {
    if (result instanceof ConnectorError) return reportFailure(node, result);
    const { length } = result.items;
    if (length > 0) last = `${length} new at ${clockTime(clock.now())}`;
    showDone(node, last ?? `no event yet, last check at ${clockTime(clock.now())}`);
  };
}

function reportFailure(node: NodeRedNode, error: ConnectorError): void {
  showFailure(node, error);
  node.error(toNodeError(error), { dynamics365: { error: error.toJSON() } });
}
