import { _, Ajv, type CodeOptions } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Issue } from '../model/diagnostic.ts';
import type { JsonSchema } from '../model/json.ts';
import { collectIssues, type ValidateFunction } from './collect-issues.ts';
import { stringFormats } from './string-formats.ts';
import { withDefaults } from './with-defaults.ts';

/** Validates values against JSON Schemas (draft-07). One instance per process is enough: it keeps the compiled checks. */
export interface Validator {
  /** All issues of a value; empty if it is valid. The messages never contain the value. */
  issues(schema: JsonSchema, value: unknown): readonly Issue[];
  /** A copy of the value with the defaults of the schema filled in. */
  withDefaults(schema: JsonSchema, value: unknown): unknown;
}

/**
 * Creates a validator. It compiles a schema on first use and keeps the check by object identity, so pass the same schema
 * object each time. Its methods throw an error of ajv if the schema itself is not valid.
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
 * Writes the checks of some schemas as a CommonJS module with one export for each, for environments that cannot generate
 * code: pass its exports to `createPrecompiledValidator`. The module requires ajv's runtime and `./string-formats.ts`.
 */
export function generateValidatorSource(schemas: Readonly<Record<string, JsonSchema>>): string {
  const ajv = createAjv({ source: true, formats: _`require("./string-formats.ts").stringFormats` });
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  const names = Object.keys(schemas).map((name) => [name, name]);
  return generateStandaloneCode(ajv, Object.fromEntries(names));
}

// The library exports a CommonJS default, which Node.js and TypeScript resolve differently.
const generateStandaloneCode = standaloneCode.default ?? standaloneCode;

function createAjv(code: CodeOptions = {}): Ajv {
  return new Ajv({
    strict: true,
    // `if: { required: [...] }` names properties that the parent schema defines.
    strictRequired: false,
    allErrors: true,
    verbose: true,
    // `collectIssues` writes the messages.
    messages: false,
    ownProperties: true,
    allowUnionTypes: true,
    // Our schemas have no ids. They are still checked against the draft-07 meta-schema.
    addUsedSchema: false,
    formats: stringFormats,
    code,
  });
}
