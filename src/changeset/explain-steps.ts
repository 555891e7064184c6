import type { HandlerAction, StepTemplate } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { BodyTemplate, Placeholder } from '../model/template.ts';
import { checkInput } from '../run/check-input.ts';
import type { Planner } from '../run/connection.ts';
import { explainAction } from '../run/explain-action.ts';
import { requireOperation } from '../run/require-operation.ts';
import { placeholderValue } from '../run/template-scope.ts';
import { sampleObject } from '../validation/sample-value.ts';
import { renderStepInput } from './render-step-input.ts';

/** One step of an action, as it would be sent. */
export interface StepPlan {
  readonly name?: string;
  readonly action: string;
  /** Its request; none if the step sends several, or needs the organization's metadata. */
  readonly plan?: RequestPlan;
  /** Values of earlier steps that are known only when the action runs: the request has these in their place. */
  readonly assumed: JsonObject;
}

/** Any version of a row. */
const assumedVersion = '1';

/** The requests of an action with steps, in their order, without network. */
export function explainSteps(
  planner: Planner,
  action: HandlerAction,
  input: JsonObject,
): readonly StepPlan[] {
  const { definition, validator } = planner;
  const checked = checkInput(validator, action, input);
  const results: Record<string, JsonObject> = {};
  const plans: StepPlan[] = [];
  for (const step of action.sequence?.steps ?? []) {
    const target = requireOperation('action', definition.actions, step.action);
    const scope = { input: checked, steps: { ...results } };
    const stepInput = renderStepInput(step, scope, definition.tables);
    const ifVersion = step.ifVersion && assumedVersion;
    const plan =
      target.handler === undefined ? explainAction(planner, target, stepInput, ifVersion) : undefined;
    const known = plan?.createdId ?? idOf(stepInput);
    const output = {
      ...sampleObject(target.outputSchema, true),
      ...(known === undefined ? {} : { id: known }),
    };
    if (step.name !== undefined) results[step.name] = output;
    plans.push({ name: step.name, action: step.action, plan, assumed: findAssumed(step, scope, plans) });
  }
  return plans;
}

function idOf({ id }: JsonObject): string | undefined {
  return typeof id === 'string' ? id : undefined;
}

/** The values of earlier steps in an input, without ids that are known. */
function findAssumed(
  { input, ifVersion }: StepTemplate,
  scope: { readonly input: JsonObject; readonly steps: JsonObject },
  earlier: readonly StepPlan[],
): JsonObject {
  const values = placeholdersOf(input).flatMap((placeholder): readonly (readonly [string, Json])[] => {
    const [root, step, name] = placeholder.path;
    const isKnown = name === 'id' && earlier.some((one) => one.name === step && one.plan !== undefined);
    const value = placeholderValue(placeholder, { ...scope });
    return root !== 'steps' || isKnown || value === undefined ? [] : [[placeholder.path.join('.'), value]];
  });
  const read = ifVersion && earlier[ifVersion.step];
  const version = read && `steps.${read.name ?? ifVersion.step + 1}.${ifVersion.column}`;
  return Object.fromEntries(version === undefined ? values : [...values, [version, assumedVersion]]);
}

function placeholdersOf(body: BodyTemplate): readonly Placeholder[] {
  switch (body.kind) {
    case 'placeholder':
      return [body.placeholder];
    case 'text':
      return body.template.parts.filter((part) => typeof part !== 'string');
    case 'array':
      return body.items.flatMap(placeholdersOf);
    case 'object':
      return body.entries.flatMap(([, value]) => placeholdersOf(value));
    case 'row':
      return placeholdersOf(body.value);
    case 'literal':
      return [];
  }
}
