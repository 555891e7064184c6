import { ConnectorError, type JsonObject, type RunOptions } from 'dynamics365-connector';
import { parseCallOptions } from 'dynamics365-connector/host';
import { openClientForNode } from './connection-node.ts';
import { evaluateFormFields, type FormFields } from './evaluate-form-fields.ts';
import type { NodeMessage, NodeRedNode } from './node-red-api.ts';
import type { NodeRedContext } from './node-red-context.ts';

interface ActionConfig {
  readonly connection: string;
  readonly action: string;
  /** `msg.payload` is the input, and the fields of the form complete it. */
  readonly usePayload: boolean;
  readonly values: FormFields;
}

/** The type of the node that runs an action for each message. */
export function registerActionNode(context: NodeRedContext): void {
  function Action(this: NodeRedNode, config: ActionConfig): void {
    context.red.nodes.createNode(this, config);
    const closing = new AbortController();
    const running = new Set<Promise<void>>();
    this.on('input', (message, send, done) => {
      const work = runActionForMessage(context, this, { config, message, signal: closing.signal }).then(
        () => {
          send(message);
          done();
        },
        (error: unknown) => done(reportFailure(this, message, error)),
      );
      running.add(work);
      void work.finally(() => running.delete(work));
    });
    // What is under way may finish: Node-RED waits some seconds, and then ends in any case.
    this.on('close', (_removed, done) => {
      const timeout = setTimeout(() => closing.abort(), 10_000);
      void Promise.allSettled(running).then(() => {
        clearTimeout(timeout);
        done();
      });
    });
  }
  context.red.nodes.registerType('dynamics365-action', Action);
}

interface ActionRun {
  readonly config: ActionConfig;
  readonly message: NodeMessage;
  readonly signal: AbortSignal;
}

async function runActionForMessage(
  context: NodeRedContext,
  node: NodeRedNode,
  { config, message, signal }: ActionRun,
): Promise<void> {
  node.status({ fill: 'blue', shape: 'dot', text: config.action });
  const values = await evaluateFormFields(context.red, config.values, { node, message });
  const input = config.usePayload ? { ...(message.payload as JsonObject), ...values } : values;
  const client = await openClientForNode(context, config.connection);
  const options = { ...parseCallOptions(callOptionsOf(message)), signal, ...idempotencyKeyOf(message) };
  const { output, meta } = await client.run(config.action, input, options);
  message.payload = output;
  message.dynamics365 = { meta };
  node.status({ fill: 'green', shape: 'dot', text: 'done' });
}

/** They stand in what the call replaces, so that the next one does not take them for its own. */
function callOptionsOf({ dynamics365 }: NodeMessage): unknown {
  return (dynamics365 as { readonly options?: unknown } | null | undefined)?.options;
}

function idempotencyKeyOf({ idempotencyKey }: NodeMessage): Pick<RunOptions, 'idempotencyKey'> {
  return typeof idempotencyKey === 'string' ? { idempotencyKey } : {};
}

/** For the status light and, in `msg.dynamics365.error`, for Catch nodes. */
function reportFailure(node: NodeRedNode, message: NodeMessage, error: unknown): unknown {
  const known = error instanceof ConnectorError;
  node.status({ fill: 'red', shape: 'ring', text: known ? error.code : 'failed' });
  if (known) message.dynamics365 = { error: error.toJSON() };
  return error;
}
