import type { Exchange } from '../exchange.ts';
import { type Difference, difference, show } from './difference.ts';
import { maskGuids } from './undetermined.ts';

/** Compares the context URL without its version. */
export function compareContext(
  { format, request }: Exchange,
  expected: unknown,
  found: unknown,
): readonly Difference[] {
  if (typeof expected !== 'string' || typeof found !== 'string') return [];
  const normalize = format === 'documentation' ? withoutOldForms : withoutVersion;
  const known = `${request.url} ${request.body}`.toLowerCase();
  const [wanted, actual] = [maskGuids(normalize(expected), known), maskGuids(normalize(found), known)];
  if (wanted === actual) return [];
  const text = `context ${show(actual)} instead of ${show(wanted)}`;
  const isFetch = /[?&]fetchXml=/i.test(request.url);
  // The columns of a fetch are in an order of the server's own.
  return [
    difference(isFetch && sortColumns(wanted) === sortColumns(actual) ? 'column order' : 'context', text),
  ];
}

function sortColumns(context: string): string {
  return context.replace(/\(([^()]*)\)/, (_, list: string) => `(${list.split(',').sort()})`);
}

function withoutVersion(context: string): string {
  return context.replace(/\/v\d\.\d\//, '/v9.2/');
}

/** The documentation of 2020 repeats expanded properties and omits the columns of created rows. */
function withoutOldForms(context: string): string {
  const [, start = '', fragment = ''] = /^([^#]*)#(.*)$/s.exec(withoutVersion(context)) ?? [];
  const short = fragment
    .replace(/(?<=[(,])(\w+),(?=(?:.*,)?\1[(/])/g, '')
    .replace(/^(\w+)\(.*\)\/\$entity$/, '$1/$entity')
    .replace(/^(\w+)\(.*\)(\/\$delta)?$/, '$1$2');
  return `${start.replace(/\/\/+(?=\$)/, '/')}#${short}`;
}
