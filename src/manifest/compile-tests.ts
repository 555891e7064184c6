import type { ContractCase, PollCase } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { CompiledInput } from './compile-input.ts';
import type { ActionTestYaml, TriggerTestYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

interface Context {
  /** The site of the operation's file. */
  readonly site: Site;
  readonly shop: Workshop;
  readonly input: CompiledInput;
  /** Set in a family: only tests that name this table are its own. */
  readonly table?: string | undefined;
}

/** Compiles the contract tests of an action. */
export function compileActionTests(
  tests: readonly ActionTestYaml[],
  context: Context,
): readonly ContractCase[] {
  return own(tests, context).map(([test, site]) => {
    const { name, input, sends, receives, returns, fails } = test;
    const exchanges = test.exchanges ?? (sends && receives ? [{ sends, receives }] : []);
    const refused = fails?.code === 'INPUT_INVALID';
    if (!refused) checkInput(input, site.at('input'), context);
    if (exchanges.length === 0 && !refused) {
      site.error('M112', 'a test says what is sent and what comes back', { fix: 'add sends and receives' });
    }
    if (returns !== undefined && fails !== undefined) {
      site.at('fails').error('M112', 'a test either returns or fails', { key: true, fix: 'leave one out' });
    }
    return { name, input, exchanges, ...(returns !== undefined && { returns }), ...(fails && { fails }) };
  });
}

/** Compiles the contract tests of a trigger. */
export function compilePollTests(tests: readonly TriggerTestYaml[], context: Context): readonly PollCase[] {
  return own(tests, context).map(([{ name, input = {}, polls }, site]) => {
    checkInput(input, site.at('input'), context);
    return { name, params: input, polls };
  });
}

/** In a family every test names its table; elsewhere none does. */
function own<T extends { readonly table?: string }>(
  tests: readonly T[],
  { site, table }: Context,
): readonly (readonly [T, Site])[] {
  return tests.flatMap((test, index) => {
    const at = site.at('tests', index);
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

function checkInput(value: JsonObject, site: Site, { shop, input: { schema, properties } }: Context): void {
  if ((properties.broken?.size ?? 0) > 0) return;
  const filled = shop.validator.withDefaults(schema, value);
  for (const { path, message, keyword } of shop.validator.issues(schema, filled)) {
    const below = path.split('/').slice(1);
    site.at(...below).error('M114', `the test’s input does not fit: ${message}`, {
      key: keyword === 'additionalProperties',
      fix: 'correct the input, or let the test say fails: { code: INPUT_INVALID }',
    });
  }
}
