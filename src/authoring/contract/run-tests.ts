import type { Runtime } from '../../client/runtime.ts';
import { runFreeTests } from './free-tests.ts';
import { type CaseResult, runActionCase, runPollCase } from './run-case.ts';

/**
 * The contract tests of a manifest and the free tests of every action, one result at a time, without network.
 * `only` keeps the operations whose id it accepts.
 */
export async function* runTests(
  bench: Pick<Runtime, 'definition' | 'validator'>,
  only: (operation: string) => boolean = () => true,
): AsyncGenerator<CaseResult> {
  for (const action of Object.values(bench.definition.actions)) {
    if (!only(action.id)) continue;
    for (const test of action.tests) yield await runActionCase(bench, action, test);
    yield* await runFreeTests(bench, action);
  }
  for (const trigger of Object.values(bench.definition.triggers)) {
    if (!only(trigger.id)) continue;
    for (const test of trigger.tests) yield await runPollCase(bench, trigger, test);
  }
}
