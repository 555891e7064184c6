import { prepareFunctionOf } from '../handlers/preparations.ts';
import type { ActionDefinition, HandlerAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RunResult } from '../model/plan.ts';
import { applyCallOptions } from '../run/apply-call-options.ts';
import { readRowInput } from '../run/ask-organization.ts';
import { rejectVersionOption } from '../run/call-options.ts';
import { checkInput } from '../run/check-input.ts';
import type { Connection } from '../run/connection.ts';
import { requireOperation } from '../run/require-operation.ts';
import { outputTableOf } from '../run/require-table.ts';
import type { RunOptions } from '../run/run-options.ts';
import { handlerRegistry } from './handler-registry.ts';

/** Runs any action of a connection. */
export type RunOperation = (
  connection: Connection,
  action: ActionDefinition,
  input: JsonObject,
  options: RunOptions,
) => Promise<RunResult>;

/** Runs an action that names code; `runOperation` runs the other actions that the code uses. */
export async function runHandler(
  connection: Connection,
  action: HandlerAction,
  { input, options }: { readonly input: JsonObject; readonly options: RunOptions },
  runOperation: RunOperation,
): Promise<RunResult> {
  if (prepareFunctionOf(action.handler) === undefined) rejectVersionOption(options, action.id);
  const readAs = readRowInput(connection, action, outputTableOf(connection, action));
  const checked = checkInput(connection.validator, action, input, readAs);
  const requestId = connection.services.uuid();
  let attempts = 0;
  const output = await handlerRegistry[action.handler](checked, {
    connection: applyCallOptions(connection, options),
    action,
    options,
    async run(id, values, { step = id, ifVersion } = {}) {
      const key = options.idempotencyKey;
      const keyOption = key === undefined ? {} : { idempotencyKey: `${action.id}/${step}/${key}` };
      const target = requireOperation('action', connection.definition.actions, id);
      const result = await runOperation(connection, target, values, { ...options, ...keyOption, ifVersion });
      attempts += result.meta.attempts;
      return result;
    },
  });
  return { output, meta: { requestId, attempts } };
}
