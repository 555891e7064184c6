import { ConnectorError } from '../errors/connector-error.ts';
import { prepareFunctionOf } from '../handlers/preparations.ts';
import type { ActionDefinition, HandlerAction, RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RunResult } from '../model/plan.ts';
import { applyCallOptions } from '../run/apply-call-options.ts';
import { rejectVersionOption } from '../run/call-options.ts';
import { checkInput } from '../run/check-input.ts';
import type { Connection } from '../run/connection.ts';
import { requireOperation } from '../run/require-operation.ts';
import { runAction } from '../run/run-action.ts';
import type { RunOptions } from '../run/run-options.ts';

import { handlerRegistry } from './handler-registry.ts';

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
  if (prepareFunctionOf(action.handler) === undefined) rejectVersionOption(options, action.id);
  const checked = checkInput(connection.validator, action, input);
  const requestId = connection.services.uuid();
  let attempts = 0;
  const output = await handlerRegistry[action.handler](checked, {
    connection: applyCallOptions(connection, options),
    action,
    options,
    async run(id, values, step = id) {
      const key = options.idempotencyKey;
      const keyOption = key === undefined ? {} : { idempotencyKey: `${action.id}/${step}/${key}` };
      const target = requireOperation('action', connection.definition.actions, id);
      const result = await runOperation(connection, target, values, { ...options, ...keyOption });
      attempts += result.meta.attempts;
      return result;
    },
  });
  return { output, meta: { requestId, attempts } };
}

/** The action as one request; an action of several has none to show. */
export function requireRequestAction(action: ActionDefinition): RequestAction {
  if (action.handler === undefined) return action;
  const message = `${action.id} makes several requests, which follow from one another: there is none to show.`;
  throw new ConnectorError('INPUT_INVALID', message, { operation: action.id });
}
