import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';

/**
 * The entry of that name, or OPERATION_UNKNOWN with the nearest names; what is among the `others` is told so.
 * Own properties only.
 */
export function requireOperation<T>(
  kind: 'action' | 'trigger',
  all: Readonly<Record<string, T>>,
  id: string,
  otherKind: Readonly<Record<string, unknown>> = {},
): T {
  if (Object.hasOwn(all, id)) return all[id]!;
  if (Object.hasOwn(otherKind, id)) {
    const other = kind === 'action' ? 'a trigger: poll it' : 'an action: run it';
    throw new ConnectorError('OPERATION_UNKNOWN', `"${id}" is ${other}.`, { operation: id });
  }
  // A host without types may hand in anything.
  const name = String(id);
  const suggestions = suggest(name, Object.keys(all));
  const didYouMean = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new ConnectorError('OPERATION_UNKNOWN', `There is no ${kind} "${name}".${didYouMean}`, {
    operation: name,
    suggestions,
  });
}
