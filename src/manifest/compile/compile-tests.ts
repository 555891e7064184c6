import type { ContractTest, PollTest } from '../../model/definition.ts';
import type { JsonObject } from '../../model/json.ts';
import { parseJsonPointer } from '../../model/json-pointer.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Table } from '../../model/table.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { ActionTestYaml, TriggerTestYaml } from '../read/yaml-types.ts';
import { checkPolls } from './check-test-rows.ts';
import type { CompileContext } from './compile-context.ts';
import type { CompiledInput } from './compile-input.ts';

interface TestContext {
  /** The root of the operation's file. */
  readonly node: SourceNode;
  readonly context: CompileContext;
  readonly input: CompiledInput;
  /** Set in a template file: only the tests that name this table are selected. */
  readonly table?: string | undefined;
}

/** Compiles the contract tests of an action. */
export function compileActionTests(
  tests: readonly ActionTestYaml[],
  testContext: TestContext,
): readonly ContractTest[] {
  return selectTests(tests, testContext).map(([test, node]) => {
    const { name, input, sends, receives, returns, fails } = test;
    const exchanges = test.exchanges ?? (sends && receives ? [{ sends, receives }] : []);
    const failsOnInput = fails?.code === 'INPUT_INVALID';
    if (!failsOnInput) checkInput(input, node.at('input'), testContext);
    if (exchanges.length === 0 && !failsOnInput) {
      node.error('M112', 'a test needs a request and its response', { fix: 'add sends and receives' });
    }
    if (returns !== undefined && fails !== undefined) {
      node
        .at('fails')
        .error('M112', 'a test either returns or fails', { key: true, fix: 'remove one of them' });
    }
    return omitUndefined({ name, index: Number(node.name), input, exchanges, returns, fails });
  });
}

/**
 * Compiles the contract tests of a trigger.
 *
 * @param watched the table that it watches; undefined for a trigger of any table
 */
export function compilePollTests(
  tests: readonly TriggerTestYaml[],
  testContext: TestContext,
  watched: Table | undefined,
): readonly PollTest[] {
  return selectTests(tests, testContext).map(([{ name, input = {}, polls }, node]) => {
    const failsOnInput = polls.some(({ fails }) => fails?.code === 'INPUT_INVALID');
    if (!failsOnInput) checkInput(input, node.at('input'), testContext);
    for (const [index, { emits, fails }] of polls.entries()) {
      if ((emits === undefined) !== (fails === undefined)) continue;
      const fix = 'add emits or fails, not both';
      node.at('polls', index).error('M112', 'a poll either emits items or fails', { fix });
    }
    checkPolls(polls, { node: node.at('polls'), context: testContext.context, table: watched });
    return { name, index: Number(node.name), params: input, polls };
  });
}

/** In a template file every test names its table; in other files no test does. */
function selectTests<T extends { readonly table?: string }>(
  tests: readonly T[],
  { node, table }: TestContext,
): readonly (readonly [T, SourceNode])[] {
  if (!Array.isArray(tests)) return [];
  return tests.flatMap((test, index) => {
    const at = node.at('tests', index);
    if (at.isBroken) return [];
    if ((test.table === undefined) !== (table === undefined)) {
      const message =
        table === undefined
          ? 'only a test in a template file names a table'
          : 'a test in a template file must name its table';
      at.at('table').error('M113', message, {
        key: true,
        fix: table === undefined ? 'remove it' : 'add table: case',
      });
      return [];
    }
    return test.table === table ? [[test, at] as const] : [];
  });
}

function checkInput(
  value: JsonObject,
  node: SourceNode,
  { context, input: { schema, properties } }: TestContext,
): void {
  if ((properties.invalid?.size ?? 0) > 0) return;
  const filled = context.validator.withDefaults(schema, value);
  for (const { path, message, keyword } of context.validator.issues(schema, filled)) {
    const below = parseJsonPointer(path);
    node.at(...below).error('M114', `the input of the test is not valid: ${message}`, {
      key: keyword === 'additionalProperties',
      fix: 'correct the input, or add fails: { code: INPUT_INVALID } to the test',
    });
  }
}
