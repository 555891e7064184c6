import { ConnectorError } from '../errors/connector-error.ts';
import type { ActionDefinition, HandlerAction, RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { RunResult } from '../model/plan.ts';
import type { Connection } from '../run/connection.ts';
import { runAction } from '../run/run-action.ts';
import type { RunOptions } from '../run/run-options.ts';
import { observeWork, workOf } from './observe-work.ts';

/** Runs any action: its request, or its code. */
export function runOperation(
  connection: Connection,
  action: ActionDefinition,
  input: JsonObject,
  options: RunOptions = {},
): Promise<RunResult> {
  const { services, origin } = connection;
  return services.telemetry === undefined
    ? runUnobserved(connection, action, input, options)
    : observeWork(services.telemetry, workOf(origin, action.id), () =>
        runUnobserved(connection, action, input, options),
      );
}

function runUnobserved(
  connection: Connection,
  action: ActionDefinition,
  input: JsonObject,
  options: RunOptions,
): Promise<RunResult> {
  return action.handler === undefined
    ? runAction(connection, action, input, options)
    : runCode(connection, action, input, options);
}

/** The code of an action is loaded with the first action that has some. */
async function runCode(
  connection: Connection,
  action: HandlerAction,
  input: JsonObject,
  options: RunOptions,
): Promise<RunResult> {
  const { runHandler } = await import('./run-handler.ts');
  return await runHandler(connection, action, { input, options }, runOperation);
}

/** The action as one request; an action of several has none to show. */
export function requireRequestAction(action: ActionDefinition): RequestAction {
  if (action.handler === undefined) return action;
  const message = `${action.id} makes several requests, which follow from one another: there is none to show.`;
  const advice = action.handler === 'runSteps' ? 'Use explainSteps, which shows each request.' : undefined;
  throw new ConnectorError('INPUT_INVALID', message, omitUndefined({ operation: action.id, advice }));
}
