import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Issue } from '../model/diagnostic.ts';
import type { JsonSchema } from '../model/json.ts';
import { withDefaults } from './defaults.ts';
import { formats } from './formats.ts';
import { toIssues } from './sentences.ts';

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
  const checkOf = (schema: JsonSchema): ValidateFunction => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const fresh = ajv.compile(schema);
    compiled.set(schema, fresh);
    return fresh;
  };
  return {
    issues(schema, value) {
      const check = checkOf(schema);
      return check(value) ? [] : toIssues(check.errors ?? []);
    },
    withDefaults,
  };
}

function createAjv(): Ajv {
  const ajv = new Ajv({
    strict: true,
    // `if: { required: [...] }` names properties that the schema around it defines.
    strictRequired: false,
    allErrors: true,
    verbose: true,
    ownProperties: true,
    allowUnionTypes: true,
    // Our schemas are draft-07 without ids; checking them against the meta-schema still happens.
    addUsedSchema: false,
  });
  // The library's export is a CommonJS default, whose callable Node and TypeScript see differently.
  const add = addFormats as unknown as typeof addFormats.default;
  add(ajv, ['email', 'uri', 'regex']);
  for (const [name, { accepts }] of Object.entries(formats)) {
    ajv.addFormat(name, { type: 'string', validate: accepts });
  }
  return ajv;
}
