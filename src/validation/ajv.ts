import { _, Ajv, type CodeOptions } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { JsonSchema } from '../model/json.ts';
import { stringFormats } from './string-formats.ts';

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

/** Creates an ajv with our formats and settings. */
export function createAjv(code: CodeOptions = {}): Ajv {
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
