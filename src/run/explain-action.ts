import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { readRowInput } from './ask-organization.ts';
import { checkInput } from './check-input.ts';
import { narrowColumns, rejectCustomColumns } from './column-inputs.ts';
import type { Planner } from './connection.ts';
import { outputTableOf } from './require-table.ts';
import { planForConnection, randomIdFor } from './send-plan.ts';

/** The request that an action would send, without network. INPUT_INVALID for an input that it does not accept. */
export function explainAction(
  planner: Planner,
  action: RequestAction,
  input: JsonObject,
  ifVersion?: string,
): RequestPlan {
  const newId = randomIdFor(planner, action);
  const readAs = readRowInput(planner, action, outputTableOf(planner, action));
  const checked = checkInput(planner.validator, action, input, readAs);
  rejectCustomColumns(action, checked);
  return planForConnection(narrowColumns(planner, action, checked), action, checked, { newId, ifVersion });
}
