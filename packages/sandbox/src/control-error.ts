import type { JsonObject } from 'dynamics365-connector';
import { ConnectorError, toJsonPointer } from 'dynamics365-connector/base';

/**
 * The error for an invalid body of a control route.
 *
 * @param path JSON Pointer to the invalid value: `/rows/accounts/0`
 * @param advice the next step
 */
export function controlError(path: string, message: string, advice: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', message, {
    advice,
    issues: [{ path, message, keyword: 'body' }],
  });
}

/** Rejects members that a body cannot have. */
export function checkMembers(input: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(input).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const list = known.length === 0 ? 'Send an empty body or {}.' : `Use only: ${known.join(', ')}.`;
  throw controlError(toJsonPointer(unknown), `The body cannot have the member "${unknown}".`, list);
}
