import { explainSteps, type StepPlan } from '../changeset/explain-steps.ts';
import { guard } from '../errors/guard-errors.ts';
import type { JsonObject } from '../model/json.ts';
import { ownValue } from '../model/own-value.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { Planner } from '../run/connection.ts';
import { explainAction } from '../run/explain-action.ts';
import { requireOperation } from '../run/require-operation.ts';
import { assertText } from '../validation/assert-options.ts';
import { requireRequestAction } from './run-operation.ts';

/** The methods of a client that plan requests, and send none. */
export interface PlanMethods {
  explain(action: string, input?: JsonObject): RequestPlan;
  explainSteps(action: string, input?: JsonObject): readonly StepPlan[];
}

export function createPlanMethods(planner: Planner): PlanMethods {
  const action = actionFinder(planner);
  return {
    explain: (id, input = {}) => guard(() => explainAction(planner, requireRequestAction(action(id)), input)),
    explainSteps: (id, input = {}) =>
      guard(() => {
        const found = action(id);
        if (found.handler === 'runSteps') return explainSteps(planner, found, input);
        const plan = explainAction(planner, requireRequestAction(found), input);
        return [{ action: id, plan, assumed: {} }];
      }),
  };
}

/** Finds the actions that a caller names. */
export function actionFinder({ definition }: Pick<Planner, 'definition'>) {
  return (id: string) => {
    assertText(id, 'The id of an action', 'OPERATION_UNKNOWN');
    const { actions } = definition;
    // The triggers of a built definition are read on first use: here, to explain why there is no such action.
    return ownValue(actions, id) ?? requireOperation('action', actions, id, definition.triggers);
  };
}
