import type { ConnectorDefinition } from '../model/definition.ts';
import { generateValidatorSource } from '../validation/ajv.ts';

/** A definition for a host that reads no YAML and generates no code. */
export interface PrecompiledDefinition {
  /** Without contract tests and output schemas. */
  readonly definition: ConnectorDefinition;
  /** A CommonJS module with one check for each schema: `connection`, and the input of each operation by its id. */
  readonly checks: string;
}

/**
 * Writes the parts of a definition that are needed at run time.
 *
 * @param runtime What the module of checks requires: a module that exports `ucs2length` and `equal` of ajv, and our
 * `stringFormats`.
 */
export function precompile(definition: ConnectorDefinition, runtime: string): PrecompiledDefinition {
  const { connection, actions, triggers } = definition;
  const operations = Object.values({ ...actions, ...triggers });
  const schemas = { connection, ...Object.fromEntries(operations.map(({ id, input }) => [id, input])) };
  const required = JSON.stringify(runtime);
  const checks = generateValidatorSource(schemas)
    .replaceAll(/require\("ajv\/dist\/runtime\/(\w+)"\)\.default/g, `require(${required}).$1`)
    .replaceAll('require("./string-formats.ts")', `require(${required})`);
  return {
    definition: { ...definition, actions: withoutTests(actions), triggers: withoutTests(triggers) },
    checks,
  };
}

function withoutTests<T extends object>(
  operations: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(operations).map(([id, operation]) => [id, { ...operation, tests: [], outputSchema: {} }]),
  );
}
