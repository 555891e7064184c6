import type { JsonSchema } from '../model/json.ts';
import { collectDetailedIssues, collectIssues, type ValidateFunction } from './collect-issues.ts';
import type { Validator } from './validator.ts';
import { withDefaults } from './with-defaults.ts';

/**
 * Creates a validator from checks that `generateValidatorSource` wrote, for environments that cannot generate code.
 *
 * @param validators The check of each schema, by the schema object itself. `issues` throws for any other schema.
 */
export function createPrecompiledValidator(validators: ReadonlyMap<JsonSchema, ValidateFunction>): Validator {
  const find = (schema: JsonSchema): ValidateFunction => {
    const validate = validators.get(schema);
    if (validate === undefined) throw new Error('There is no precompiled check for this schema.');
    return validate;
  };
  return {
    issues: (schema, value) => collectIssues(find(schema), value),
    detailedIssues: (schema, value) => collectDetailedIssues(find(schema), value),
    withDefaults,
  };
}
