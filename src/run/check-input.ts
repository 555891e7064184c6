import { ConnectorError } from '../errors/connector-error.ts';
import type { ActionDefinition } from '../model/definition.ts';
import type { Issue } from '../model/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { Validator } from '../validation/validator.ts';
import { withoutNullMembers } from '../validation/without-null-members.ts';

/** An operation as far as its input is checked. */
export type CheckedOperation = Pick<ActionDefinition, 'id' | 'input'> &
  Partial<Pick<ActionDefinition, 'effects' | 'request'>>;

/** An input with the defaults filled in, and everything that is wrong with it. */
export interface InputIssues {
  readonly filled: JsonObject;
  readonly issues: readonly Issue[];
}

/**
 * Checks an input against the operation's schema and returns a copy with the defaults filled in. INPUT_INVALID lists
 * all issues at once.
 */
export function checkInput(
  validator: Validator,
  operation: CheckedOperation,
  input: JsonObject,
  readAs?: (input: JsonObject) => JsonObject,
): JsonObject {
  return requireNoIssues(operation.id, findInputIssues(validator, operation, input, readAs));
}

/** The input. INPUT_INVALID lists all issues, if there are any. */
export function requireNoIssues(operation: string, { filled, issues }: InputIssues): JsonObject {
  const [first] = issues;
  if (first === undefined) return filled;
  const what =
    issues.length === 1
      ? `${first.path || 'the input'}: ${first.message}`
      : `the input has ${issues.length} issues`;
  throw new ConnectorError('INPUT_INVALID', `${operation}: ${what}`, { operation, issues });
}

/**
 * Fills the defaults in and finds all issues. INPUT_INVALID for an input that cannot be read.
 *
 * @param readAs what the input means to the operation
 */
export function findInputIssues(
  validator: Validator,
  operation: CheckedOperation,
  input: JsonObject,
  readAs: (input: JsonObject) => JsonObject = (same) => same,
): InputIssues {
  const { id, input: schema } = operation;
  try {
    const meant = isJsonObject(input) ? readAs(input) : input;
    const given = isNullUngiven(operation) ? withoutNullMembers(schema, meant) : meant;
    const filled = validator.withDefaults(schema, given) as JsonObject;
    return { filled, issues: validator.issues(schema, filled) };
  } catch {
    throw unreadableInputError(id);
  }
}

/** Reading JSON values never throws; a getter, a proxy or a cycle does. */
export function unreadableInputError(operation: string): ConnectorError {
  const issues = [{ path: '', message: 'must be JSON data', keyword: 'type' }];
  return new ConnectorError('INPUT_INVALID', `${operation}: the input must be JSON data`, {
    operation,
    issues,
  });
}

/**
 * Whether null for an optional input can only mean that it is not given. In a read it could mean a filter for rows without a
 * value, and in an update the value that empties a column.
 */
export function isNullUngiven({ effects, request }: CheckedOperation): boolean {
  if (effects === undefined || effects.readOnly) return false;
  return request === undefined || request.safety === 'create' || request.method === 'POST';
}
