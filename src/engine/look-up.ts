import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';

/** The entry of that name, or OPERATION_UNKNOWN with the nearest names. Own properties only. */
export function lookUp<T>(kind: 'action' | 'trigger', all: Readonly<Record<string, T>>, id: string): T {
  if (Object.hasOwn(all, id)) return all[id]!;
  // A host without types may hand in anything.
  const name = String(id);
  const suggestions = suggest(name, Object.keys(all));
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new ConnectorError('OPERATION_UNKNOWN', `There is no ${kind} "${name}".${near}`, {
    operation: name,
    suggestions,
  });
}
