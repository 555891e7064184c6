import { ConnectorError } from '../errors/connector-error.ts';
import { preparationOf } from '../handlers/preparations.ts';
import type { ActionDefinition, HandlerAction, RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RunResult } from '../model/plan.ts';
import { refuseVersion } from '../run/call-options.ts';
import { checkInput } from '../run/check-input.ts';
import type { Connection } from '../run/connection.ts';
import { lookUp } from '../run/look-up.ts';
import { runAction } from '../run/run-action.ts';
import type { RunOptions } from '../run/send-plan.ts';
import { withOptions } from '../run/with-options.ts';
import { registry } from './registry.ts';

/** Runs any action: its request, or its code. */
export async function runOperation(
  connection: Connection,
  action: ActionDefinition,
  input: JsonObject,
  options: RunOptions = {},
): Promise<RunResult> {
  if (action.handler === undefined) return await runAction(connection, action, input, options);
  return await runHandler(connection, action, input, options);
}

async function runHandler(
  connection: Connection,
  action: HandlerAction,
  input: JsonObject,
  options: RunOptions,
): Promise<RunResult> {
  if (preparationOf(action.handler) === undefined) refuseVersion(options, action.id);
  const checked = checkInput(connection.validator, action, input);
  const requestId = connection.world.uuid();
  let attempts = 0;
  const output = await registry[action.handler](checked, {
    connection: withOptions(connection, options),
    action,
    options,
    async run(id, values, step = id) {
      const key = options.idempotencyKey;
      const own = key === undefined ? {} : { idempotencyKey: `${action.id}/${step}/${key}` };
      const other = lookUp('action', connection.definition.actions, id);
      const result = await runOperation(connection, other, values, { ...options, ...own });
      attempts += result.meta.attempts;
      return result;
    },
  });
  return { output, meta: { requestId, attempts } };
}

/** The action as one request; an action of several has none to show. */
export function requestOf(action: ActionDefinition): RequestAction {
  if (action.handler === undefined) return action;
  const message = `${action.id} makes several requests, which follow from one another: there is none to show.`;
  throw new ConnectorError('INPUT_INVALID', message, { operation: action.id });
}
