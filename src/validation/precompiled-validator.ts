import type { JsonSchema } from '../model/json.ts';
import { collectIssues, type ValidateFunction } from './collect-issues.ts';
import type { Validator } from './validator.ts';
import { withDefaults } from './with-defaults.ts';

/**
 * A validator over checks that were compiled before (`writeChecks`), for places that may not make code of their own.
 * It knows these very schema objects and no others.
 */
export function createPrecompiledValidator(validators: ReadonlyMap<JsonSchema, ValidateFunction>): Validator {
  return {
    issues(schema, value) {
      const validate = validators.get(schema);
      if (validate === undefined) throw new Error('There is no compiled check for this schema.');
      return collectIssues(validate, value);
    },
    withDefaults,
  };
}
