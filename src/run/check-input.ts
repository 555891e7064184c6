import { ConnectorError } from '../errors/connector-error.ts';
import type { Issue } from '../model/diagnostic.ts';
import type { JsonObject, JsonSchema } from '../model/json.ts';
import type { Validator } from '../validation/validator.ts';

/**
 * Checks an input against the operation's schema and returns a copy with the defaults filled in. INPUT_INVALID lists
 * all issues at once.
 */
export function checkInput(
  validator: Validator,
  operation: { readonly id: string; readonly input: JsonSchema },
  input: JsonObject,
): JsonObject {
  const { filled, issues } = applyDefaults(validator, operation, input);
  const [first] = issues;
  if (first === undefined) return filled;
  const what =
    issues.length === 1
      ? `${first.path || 'the input'}: ${first.message}`
      : `the input has ${issues.length} issues`;
  throw new ConnectorError('INPUT_INVALID', `${operation.id}: ${what}`, { operation: operation.id, issues });
}

function applyDefaults(
  validator: Validator,
  { id, input: schema }: Parameters<typeof checkInput>[1],
  input: JsonObject,
): { readonly filled: JsonObject; readonly issues: readonly Issue[] } {
  try {
    const filled = validator.withDefaults(schema, input) as JsonObject;
    return { filled, issues: validator.issues(schema, filled) };
  } catch {
    // Reading JSON values never throws; a getter, a proxy or a cycle does.
    const issues = [{ path: '', message: 'must be JSON data', keyword: 'type' }];
    throw new ConnectorError('INPUT_INVALID', `${id}: the input must be JSON data`, {
      operation: id,
      issues,
    });
  }
}
