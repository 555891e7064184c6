import type { StepTemplate } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { compileBody } from '../run/render-template.ts';

/** The input of a step. A value that is missing in the input of the action is missing here too. */
export function renderStepInput(
  { input }: StepTemplate,
  scope: { readonly input: JsonObject; readonly steps: JsonObject },
  tables: Readonly<Record<string, Table>>,
): JsonObject {
  return compileBody(input, { tables })({ ...scope }) as JsonObject;
}
