import type { ContractTest, PollTest } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { parseJsonPointer } from '../model/json-pointer.ts';
import type { CompileContext } from './compile-context.ts';
import type { CompiledInput } from './compile-input.ts';
import type { SourceNode } from './source-node.ts';
import type { ActionTestYaml, TriggerTestYaml } from './yaml-types.ts';

interface TestContext {
  /** The site of the operation's file. */
  readonly node: SourceNode;
  readonly context: CompileContext;
  readonly input: CompiledInput;
  /** Set in a family: only tests that name this table are its own. */
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
    const refused = fails?.code === 'INPUT_INVALID';
    if (!refused) checkInput(input, node.at('input'), testContext);
    if (exchanges.length === 0 && !refused) {
      node.error('M112', 'a test says what is sent and what comes back', { fix: 'add sends and receives' });
    }
    if (returns !== undefined && fails !== undefined) {
      node.at('fails').error('M112', 'a test either returns or fails', { key: true, fix: 'leave one out' });
    }
    return { name, input, exchanges, ...(returns !== undefined && { returns }), ...(fails && { fails }) };
  });
}

/** Compiles the contract tests of a trigger. */
export function compilePollTests(
  tests: readonly TriggerTestYaml[],
  testContext: TestContext,
): readonly PollTest[] {
  return selectTests(tests, testContext).map(([{ name, input = {}, polls }, node]) => {
    checkInput(input, node.at('input'), testContext);
    return { name, params: input, polls };
  });
}

/** In a family every test names its table; elsewhere none does. */
function selectTests<T extends { readonly table?: string }>(
  tests: readonly T[],
  { node, table }: TestContext,
): readonly (readonly [T, SourceNode])[] {
  return tests.flatMap((test, index) => {
    const at = node.at('tests', index);
    if ((test.table === undefined) !== (table === undefined)) {
      const message =
        table === undefined ? 'only a family’s test names a table' : 'a test of a family must name its table';
      at.at('table').error('M113', message, {
        key: true,
        fix: table === undefined ? 'leave it out' : 'add table: case',
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
    node.at(...below).error('M114', `the test’s input does not fit: ${message}`, {
      key: keyword === 'additionalProperties',
      fix: 'correct the input, or let the test say fails: { code: INPUT_INVALID }',
    });
  }
}
