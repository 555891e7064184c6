import type { Handler } from '../handlers/handler.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Step } from './plan-steps.ts';
import { runTogether } from './run-together.ts';

/** Runs steps in one change set; answers each with its output. */
export const runSteps: Handler = async (input, { connection, options }): Promise<Json> => {
  const steps = input.steps as unknown as readonly Step[];
  const outputs = await runTogether(connection, steps, options);
  return steps.map(({ name, action }, at): JsonObject => {
    const output = outputs[at] ?? null;
    return { ...(name === undefined ? {} : { name }), action, ...(output === null ? {} : { output }) };
  });
};
