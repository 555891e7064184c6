import { ConnectorError } from '../errors/connector-error.ts';
import type { DetailedIssue, Issue } from '../model/diagnostic.ts';
import type { JsonSchema } from '../model/json.ts';
import { createAjv } from './ajv.ts';
import { collectDetailedIssues, collectIssues, type ValidateFunction } from './collect-issues.ts';
import { compileQuickCheck, type QuickCheck } from './quick-check.ts';
import { compileDefaults, type FillDefaults } from './with-defaults.ts';

/** Validates values against JSON Schemas (draft-07). One instance per process is enough: it keeps the compiled checks. */
export interface Validator {
  /** All issues of a value; empty if it is valid. The messages never contain the value. */
  issues(schema: JsonSchema, value: unknown): readonly Issue[];
  /** The same, with what the schema expects, for messages that propose a value. */
  detailedIssues(schema: JsonSchema, value: unknown): readonly DetailedIssue[];
  /** A copy of the value with the defaults of the schema filled in. */
  withDefaults(schema: JsonSchema, value: unknown): unknown;
}

/**
 * Creates a validator. It compiles a schema on first use and keeps the checks by object identity, so pass the same schema
 * object each time. A valid value needs the quick check only; ajv finds what is wrong with the others. The methods throw
 * INPUT_INVALID if they need it and the schema itself is not valid.
 */
export function createValidator(): Validator {
  let ajv: ReturnType<typeof createAjv> | undefined;
  const ajvCheckOf = keepByIdentity((schema): ValidateFunction => {
    ajv ??= createAjv({ optimize: false });
    return ajv.compile(schema) as ValidateFunction;
  });
  const quickCheckOf = keepByIdentity((schema): QuickCheck => compileQuickCheck(schema) ?? (() => false));
  const defaultsOf = keepByIdentity((schema): FillDefaults => compileDefaults(schema));
  return {
    issues(schema, value) {
      try {
        return quickCheckOf(schema)(value) ? noIssues : collectIssues(ajvCheckOf(schema), value);
      } catch (error) {
        throw unusable(error);
      }
    },
    detailedIssues(schema, value) {
      try {
        return quickCheckOf(schema)(value)
          ? noDetailedIssues
          : collectDetailedIssues(ajvCheckOf(schema), value);
      } catch (error) {
        throw unusable(error);
      }
    },
    withDefaults(schema, value) {
      try {
        return defaultsOf(schema)(value);
      } catch (error) {
        throw unusable(error);
      }
    },
  };
}

const noIssues: readonly Issue[] = [];
const noDetailedIssues: readonly DetailedIssue[] = [];

/** A schema that is none, or a value whose members cannot be read. The error of ajv tells of the schema alone. */
function unusable(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const told =
    error instanceof Error && /^(schema|strict mode|unknown)/.test(error.message) ? error.message : '';
  const message = `The JSON Schema or the value cannot be used${told === '' ? '' : ` (${told})`}.`;
  return new ConnectorError('INPUT_INVALID', message);
}

/** Compiles something from a schema on its first use. */
function keepByIdentity<T>(compile: (schema: JsonSchema) => T): (schema: JsonSchema) => T {
  const compiled = new WeakMap<JsonSchema, T>();
  return (schema) => {
    let known = compiled.get(schema);
    if (known === undefined) {
      known = compile(schema);
      compiled.set(schema, known);
    }
    return known;
  };
}
