import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { parseCallOptions, requireOperation, runAs, runtimeOf } from 'dynamics365-connector/host';
import { openClientForNode } from './connection-node.ts';
import { evaluateCallOptions, evaluateFormFields, type FormFields } from './evaluate-form-fields.ts';
import type { NodeMessage, NodeRedNode } from './node-red-api.ts';
import type { NodeRedContext } from './node-red-context.ts';
import { clockTime, showDone, showFailure, toNodeError } from './show-status.ts';

/** Node-RED stops a node by force 15 seconds after it asked it to close. */
const closeGraceMs = 10_000;

interface ActionConfig {
  readonly connection: string;
  readonly action: string;
  /** `msg.payload` is the input; the fields of the form override its properties. */
  readonly usePayload: boolean;
  readonly values: FormFields;
  /** The call options of the form; absent in flows of versions that had none. */
  readonly options?: FormFields;
}

/** Registers `dynamics365-action`, the node that runs an action for each message. */
export function registerActionNode(context: NodeRedContext): void {
  function ActionNode(this: NodeRedNode, config: ActionConfig): void {
    context.red.nodes.createNode(this, config);
    const closing = new AbortController();
    const running = new Set<Promise<void>>();
    this.on('input', (message, send, done) => {
      const run = runActionForMessage(context, this, { config, message, signal: closing.signal }).then(
        () => {
          send(message);
          done();
        },
        (error: unknown) => done(reportFailure(this, message, error)),
      );
      running.add(run);
      void run.finally(() => running.delete(run));
    });
    this.on('close', (_removed, done) => {
      const timeout = setTimeout(() => closing.abort(), closeGraceMs);
      void Promise.allSettled(running).then(() => {
        clearTimeout(timeout);
        done();
      });
    });
  }
  context.red.nodes.registerType('dynamics365-action', ActionNode);
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
  const { definition, services } = runtimeOf(context.connector);
  const { title } = requireOperation('action', definition.actions, config.action, definition.triggers);
  node.status({ fill: 'blue', shape: 'dot', text: `${title} \u2026` });
  const source = { node, message };
  const values = await evaluateFormFields(context.red, config.values, source);
  const formOptions = await evaluateCallOptions(context.red, config.options ?? {}, source);
  const input = config.usePayload ? { ...(message.payload as JsonObject), ...values } : values;
  const client = await openClientForNode(context, config.connection);
  const options = {
    ...parseCallOptions(callOptionsOf(message)),
    ...formOptions,
    idempotencyKey: typeof message.idempotencyKey === 'string' ? message.idempotencyKey : undefined,
    signal,
  };
  const { output, meta } = await runAs(services.audit, `node ${node.id}`, () =>
    client.run(config.action, input, options),
  );
  message.payload = output;
  message.dynamics365 = { meta };
  showDone(node, `${title}: done at ${clockTime(services.clock.now())}`);
}

/** `msg.dynamics365.options`. The result replaces `msg.dynamics365`, so the options apply to one node only. */
function callOptionsOf({ dynamics365 }: NodeMessage): unknown {
  return (dynamics365 as { readonly options?: unknown } | null | undefined)?.options;
}

/** Shows the error in the node's status and adds it to the message, as `msg.dynamics365.error`, for Catch nodes. */
function reportFailure(node: NodeRedNode, message: NodeMessage, error: unknown): unknown {
  showFailure(node, error);
  if (error instanceof ConnectorError) message.dynamics365 = { error: error.toJSON() };
  return toNodeError(error);
}
