import { _, Ajv, type CodeOptions } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Issue } from '../model/diagnostic.ts';
import type { JsonSchema } from '../model/json.ts';
import { collectIssues, type ValidateFunction } from './collect-issues.ts';
import { stringFormats } from './string-formats.ts';
import { withDefaults } from './with-defaults.ts';

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
  const compiled = new WeakMap<JsonSchema, ValidateFunction>();
  const compile = (schema: JsonSchema): ValidateFunction => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const validate = ajv.compile(schema) as ValidateFunction;
    compiled.set(schema, validate);
    return validate;
  };
  return { issues: (schema, value) => collectIssues(compile(schema), value), withDefaults };
}

/**
 * Checks as the source of a CommonJS module with an export for each schema, for places that may not make code of
 * their own: `createCompiledValidator` works with them. The module requires ajv's runtime and `./string-formats.ts`.
 */
export function generateValidatorSource(schemas: Readonly<Record<string, JsonSchema>>): string {
  const ajv = createAjv({ source: true, formats: _`require("./string-formats.ts").stringFormats` });
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  const names = Object.keys(schemas).map((name) => [name, name]);
  return generateStandaloneCode(ajv, Object.fromEntries(names));
}

// The library's export is a CommonJS default, which Node and TypeScript see differently.
const generateStandaloneCode = standaloneCode.default ?? standaloneCode;

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
    formats: stringFormats,
    code,
  });
}
