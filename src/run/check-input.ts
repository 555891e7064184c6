import { ConnectorError } from '../errors/connector-error.ts';
import type { Issue } from '../model/diagnostic.ts';
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
  const { filled, issues } = applyDefaults(validator, operation, input);
  if (issues.length === 0) return filled;
  const [first] = issues;
  const what =
    issues.length === 1
      ? `${first!.path || 'the input'}: ${first!.message}`
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
    // Of all that JSON holds nothing throws when it is read.
    const issues = [{ path: '', message: 'is no plain data', keyword: 'type' }];
    throw new ConnectorError('INPUT_INVALID', `${id}: the input is no plain data`, { operation: id, issues });
  }
}
