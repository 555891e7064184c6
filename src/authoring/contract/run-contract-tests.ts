import type { Runtime } from '../../client/runtime.ts';
import { runBuiltInTests } from './built-in-tests.ts';
import { type ContractCaseResult, runActionCase, runPollCase } from './run-case.ts';

/**
 * Runs the contract tests of a manifest and the built-in tests of every action, without network. Yields one result at a
 * time.
 *
 * @param accepts which operations to test, by id; all by default
 */
export async function* runContractTests(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  accepts: (operation: string) => boolean = () => true,
): AsyncGenerator<ContractCaseResult> {
  for (const action of Object.values(runtime.definition.actions)) {
    if (!accepts(action.id)) continue;
    for (const test of action.tests) yield await runActionCase(runtime, action, test);
    yield* await runBuiltInTests(runtime, action);
  }
  for (const trigger of Object.values(runtime.definition.triggers)) {
    if (!accepts(trigger.id)) continue;
    for (const test of trigger.tests) yield await runPollCase(runtime, trigger, test);
  }
}
