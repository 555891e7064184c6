import type { Filter, Operand, PropertyPath } from './ast.ts';
import { crmNamespace } from './query-functions.ts';

/** A part of a condition that can change its result without a change of the row. */
export interface OutsideReference {
  readonly on: 'related-rows' | 'clock';
  /** As it stands in the condition: `customerid_account/name`, `Microsoft.Dynamics.CRM.Today`. */
  readonly text: string;
}

/**
 * The parts of a condition that read related rows, or the present time. Hierarchies and teams are related rows too.
 * A fiscal period that is given by its number is not relative to the present time, and the key of a related row
 * (`regardingobjectid_incident/incidentid`) is in the lookup.
 *
 * @param keys Names of the keys of tables, as far as they are known
 */
export function findOutsideReferences(
  filter: Filter,
  keys: ReadonlySet<string> = new Set(),
): readonly OutsideReference[] {
  const inPath = (operand: Operand) => (operand.kind === 'path' ? pathReferences(operand, keys) : []);
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap((term) => findOutsideReferences(term, keys));
    case 'not':
      return findOutsideReferences(filter.term, keys);
    case 'compare':
      return [...inPath(filter.left), ...inPath(filter.right)];
    case 'text':
      return inPath(filter.path);
    case 'lambda':
      return [relatedRows(`${textOf(filter.path)}/${filter.quantifier}`)];
    case 'function':
      return [...functionReferences(filter.name), ...inPath(filter.path)];
  }
}

function pathReferences(path: PropertyPath, keys: ReadonlySet<string>): readonly OutsideReference[] {
  const { segments } = path;
  const isInLookup = segments.length === 2 && keys.has(segments[1] ?? '');
  return segments.length === 1 || isInLookup ? [] : [relatedRows(textOf(path))];
}

const clockFunctions = /^(?:Today|Tomorrow|Yesterday|This|Last|Next|OlderThan)/;
const hierarchyFunctions = /^(?:Above|Under|NotUnder)|Teams$|Hierarchy|BusinessId$/;

function functionReferences(name: string): readonly OutsideReference[] {
  const text = crmNamespace + name;
  if (clockFunctions.test(name)) return [{ on: 'clock', text }];
  return hierarchyFunctions.test(name) ? [relatedRows(text)] : [];
}

function relatedRows(text: string): OutsideReference {
  return { on: 'related-rows', text };
}

function textOf({ segments }: PropertyPath): string {
  return segments.join('/');
}
