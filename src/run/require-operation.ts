import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import { ownValue } from '../model/own-value.ts';

/**
 * Finds an action or trigger by its id. OPERATION_UNKNOWN has the nearest ids; if the id is one of `otherKind`, the
 * message says so.
 */
export function requireOperation<T>(
  kind: 'action' | 'trigger',
  all: Readonly<Record<string, T>>,
  id: string,
  otherKind: Readonly<Record<string, unknown>> = {},
): T {
  const found = ownValue(all, id);
  if (found !== undefined) return found;
  if (Object.hasOwn(otherKind, id)) {
    const other = kind === 'action' ? 'a trigger: poll it' : 'an action: run it';
    throw new ConnectorError('OPERATION_UNKNOWN', `"${id}" is ${other}.`, { operation: id });
  }
  // A caller in JavaScript may pass any value.
  const name = String(id);
  const suggestions = suggest(name, Object.keys(all));
  const didYouMean = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new ConnectorError('OPERATION_UNKNOWN', `There is no ${kind} "${name}".${didYouMean}`, {
    operation: name,
    suggestions,
  });
}
