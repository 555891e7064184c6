import type { Handler } from '../handlers/handler.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { ChangeSetStep } from './plan-steps.ts';
import { runChangeSet } from './run-change-set.ts';

/** Runs steps in one change set; returns each step with its output. */
export const runChangeSetHandler: Handler = async (input, { connection, options }): Promise<Json> => {
  const steps = input.steps as unknown as readonly ChangeSetStep[];
  const outputs = await runChangeSet(connection, steps, options);
  return steps.map(({ name, action }, at): JsonObject => {
    return omitUndefined({ name, action, output: outputs[at] ?? undefined });
  });
};
