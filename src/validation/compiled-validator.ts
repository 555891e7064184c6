import type { JsonSchema } from '../model/json.ts';
import { withDefaults } from './defaults.ts';
import { type Check, issuesOf } from './sentences.ts';
import type { Validator } from './validator.ts';

/**
 * A validator over checks that were compiled before (`writeChecks`), for places that may not make code of their own.
 * It knows these very schema objects and no others.
 */
export function createCompiledValidator(checks: ReadonlyMap<JsonSchema, Check>): Validator {
  return {
    issues(schema, value) {
      const check = checks.get(schema);
      if (check === undefined) throw new Error('There is no compiled check for this schema.');
      return issuesOf(check, value);
    },
    withDefaults,
  };
}
