import type { ActionDefinition, RequestAction } from '../../model/definition.ts';
import type { JsonObject, JsonSchema } from '../../model/json.ts';
import { sampleObject, sampleValue } from '../../validation/sample-value.ts';

/** A valid input of an action: that of its first successful contract test, or one generated from its schema. */
export function sampleInput(action: ActionDefinition): JsonObject {
  const test = action.tests.find((candidate) => candidate.fails === undefined);
  return test?.input ?? { ...sampleKey(action), ...sampleObject(action.input, false) };
}

/** The columns that identify the row: the id if the input lists its key columns, otherwise the first column. */
function sampleKey({ request, input }: ActionDefinition): JsonObject {
  const match = request?.match;
  if (match === undefined) return {};
  const properties = Object.entries((input.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  const key = match.columns === undefined ? properties : properties.filter(([name]) => name === 'id');
  return Object.fromEntries(key.slice(0, 1).map(([name, schema]) => [name, sampleValue(schema)]));
}

/** An input with a value for every property, so that it fills every placeholder of the request. */
export function fullInput(action: ActionDefinition): JsonObject {
  const all = Object.entries(sampleObject(action.input, true));
  // They are not placeholders of the request, and their columns are those of an organization.
  const { columnInputs = [] }: Pick<RequestAction, 'columnInputs'> =
    action.request === undefined ? {} : action;
  return {
    ...Object.fromEntries(all.filter(([name]) => !columnInputs.includes(name))),
    ...sampleInput(action),
  };
}
