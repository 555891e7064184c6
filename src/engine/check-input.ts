import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject, JsonSchema } from '../model/json.ts';
import type { Validator } from '../validation/validator.ts';

/**
 * The input with its defaults filled in, or INPUT_INVALID with every issue at once. The caller's object is
 * never changed.
 */
export function checkInput(
  validator: Validator,
  operation: { readonly id: string; readonly input: JsonSchema },
  input: JsonObject,
): JsonObject {
  const filled = validator.withDefaults(operation.input, input) as JsonObject;
  const issues = validator.issues(operation.input, filled);
  if (issues.length === 0) return filled;
  const [first] = issues;
  const what =
    issues.length === 1
      ? `${first!.path || 'the input'}: ${first!.message}`
      : `the input has ${issues.length} issues`;
  throw new ConnectorError('INPUT_INVALID', `${operation.id}: ${what}`, { operation: operation.id, issues });
}
