import { ConnectorError, type JsonObject, type RunOptions } from 'dynamics365-connector';
import { readCallOptions } from 'dynamics365-connector/host';
import { clientOf } from './connection-node.ts';
import type { House } from './house.ts';
import { readValues, type Values } from './read-values.ts';
import type { Message, RedNode } from './red.ts';

interface ActionConfig {
  readonly connection: string;
  readonly action: string;
  /** `msg.payload` is the input, and the fields of the form complete it. */
  readonly usePayload: boolean;
  readonly values: Values;
}

/** The type of the node that runs an action for each message. */
export function registerAction(house: House): void {
  function Action(this: RedNode, config: ActionConfig): void {
    house.red.nodes.createNode(this, config);
    const closing = new AbortController();
    const running = new Set<Promise<void>>();
    this.on('input', (message, send, done) => {
      const work = runFor(house, this, { config, message, signal: closing.signal }).then(
        () => {
          send(message);
          done();
        },
        (error: unknown) => done(noteFailure(this, message, error)),
      );
      running.add(work);
      void work.finally(() => running.delete(work));
    });
    // What is under way may finish: Node-RED waits some seconds, and then ends in any case.
    this.on('close', (_removed, done) => {
      const patience = setTimeout(() => closing.abort(), 10_000);
      void Promise.allSettled(running).then(() => {
        clearTimeout(patience);
        done();
      });
    });
  }
  house.red.nodes.registerType('dynamics365-action', Action);
}

interface Run {
  readonly config: ActionConfig;
  readonly message: Message;
  readonly signal: AbortSignal;
}

async function runFor(house: House, node: RedNode, { config, message, signal }: Run): Promise<void> {
  node.status({ fill: 'blue', shape: 'dot', text: config.action });
  const values = await readValues(house.red, config.values, { node, message });
  const input = config.usePayload ? { ...(message.payload as JsonObject), ...values } : values;
  const client = await clientOf(house, config.connection);
  const options = { ...readCallOptions(optionsIn(message)), signal, ...keyOf(message) };
  const { output, meta } = await client.run(config.action, input, options);
  message.payload = output;
  message.dynamics365 = { meta };
  node.status({ fill: 'green', shape: 'dot', text: 'done' });
}

/** They stand in what the call replaces, so that the next one does not take them for its own. */
function optionsIn({ dynamics365 }: Message): unknown {
  return (dynamics365 as { readonly options?: unknown } | null | undefined)?.options;
}

function keyOf({ idempotencyKey }: Message): Pick<RunOptions, 'idempotencyKey'> {
  return typeof idempotencyKey === 'string' ? { idempotencyKey } : {};
}

/** For the status light and, in `msg.dynamics365.error`, for Catch nodes. */
function noteFailure(node: RedNode, message: Message, error: unknown): unknown {
  const known = error instanceof ConnectorError;
  node.status({ fill: 'red', shape: 'ring', text: known ? error.code : 'failed' });
  if (known) message.dynamics365 = { error: error.toJSON() };
  return error;
}
