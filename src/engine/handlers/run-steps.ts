import type { Json, JsonObject } from '../../model/json.ts';
import type { Step } from '../together/plan-steps.ts';
import { runTogether } from '../together/run-together.ts';
import type { Handler } from './handler.ts';

/** Runs steps in one change set; answers each with its output. */
export const runSteps: Handler = async (input, { connection, options }): Promise<Json> => {
  const steps = input.steps as unknown as readonly Step[];
  const outputs = await runTogether(connection, steps, options);
  return steps.map(({ name, action }, at): JsonObject => {
    const output = outputs[at] ?? null;
    return { ...(name === undefined ? {} : { name }), action, ...(output === null ? {} : { output }) };
  });
};
