import { _, Ajv, type CodeOptions } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Issue } from '../model/diagnostic.ts';
import type { JsonSchema } from '../model/json.ts';
import { withDefaults } from './defaults.ts';
import { formats } from './formats.ts';
import { type Check, issuesOf } from './sentences.ts';

/** Checks values against draft-07 schemas. One per process: it owns the compiled checks. */
export interface Validator {
  /** Everything wrong with the value, as sentences that never contain it; empty when it fits. */
  issues(schema: JsonSchema, value: unknown): readonly Issue[];
  /** A copy of the value with the schema's defaults filled in; the value itself stays as it is. */
  withDefaults(schema: JsonSchema, value: unknown): unknown;
}

/**
 * Creates a validator. A schema is compiled on its first use and remembered by identity, so hand in the
 * same (frozen) object each time. Throws ajv's own error when the schema itself is not valid: schemas are
 * checked when the manifest is loaded.
 */
export function createValidator(): Validator {
  const ajv = createAjv();
  const compiled = new WeakMap<JsonSchema, Check>();
  const checkOf = (schema: JsonSchema): Check => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const fresh = ajv.compile(schema) as Check;
    compiled.set(schema, fresh);
    return fresh;
  };
  return { issues: (schema, value) => issuesOf(checkOf(schema), value), withDefaults };
}

/**
 * Checks as the source of a CommonJS module with an export for each schema, for places that may not make code of
 * their own: `createCompiledValidator` works with them. The module requires ajv's runtime and `./formats.ts`.
 */
export function writeChecks(schemas: Readonly<Record<string, JsonSchema>>): string {
  const ajv = createAjv({ source: true, formats: _`require("./formats.ts").formats` });
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  const names = Object.keys(schemas).map((name) => [name, name]);
  return write(ajv, Object.fromEntries(names));
}

// The library's export is a CommonJS default, which Node and TypeScript see differently.
const write = standaloneCode.default ?? standaloneCode;

function createAjv(code: CodeOptions = {}): Ajv {
  return new Ajv({
    strict: true,
    // `if: { required: [...] }` names properties that the schema around it defines.
    strictRequired: false,
    allErrors: true,
    verbose: true,
    // The sentences are ours.
    messages: false,
    ownProperties: true,
    allowUnionTypes: true,
    // Our schemas are draft-07 without ids; checking them against the meta-schema still happens.
    addUsedSchema: false,
    formats,
    code,
  });
}
