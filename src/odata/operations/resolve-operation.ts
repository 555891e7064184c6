import { suggest } from '../../errors/suggest.ts';
import type { Issue } from '../../model/diagnostic.ts';
import type { MetadataOperation, MetadataOperations } from '../../model/metadata.ts';

/** The operation that a caller wants to call. */
export interface OperationReference {
  readonly name: string;
  readonly kind: 'action' | 'function';
  /** Without `id`: the table as a whole. */
  readonly on?: { readonly table: string; readonly id?: string };
}

/** The operation, or the issue with its name, kind or table. */
export type OperationResolution =
  | { readonly operation: MetadataOperation }
  | { readonly issue: Issue; readonly suggestions?: readonly string[] };

/** Finds an operation by name, table and kind. */
export function resolveOperation(known: MetadataOperations, wanted: OperationReference): OperationResolution {
  const named = known.operations.filter(({ name }) => name === wanted.name);
  if (named.length === 0) return unknownName(known, wanted.name);
  const operation = named.find((candidate) => isBoundTo(known, candidate, wanted.on));
  if (operation === undefined) {
    const bindings = [...new Set(named.map(describeBinding))].join(', or ');
    return {
      issue: { path: '/on', message: `is wrong: ${wanted.name} is called ${bindings}`, keyword: 'on' },
    };
  }
  if (operation.kind === wanted.kind) return { operation };
  return { issue: { path: '/kind', message: `must be "${operation.kind}"`, keyword: 'enum' } };
}

function unknownName({ operations }: MetadataOperations, wrong: string): OperationResolution {
  const suggestions = suggest(wrong, new Set(operations.map(({ name }) => name)));
  const near = suggestions.length > 0 ? `: did you mean ${suggestions.join(' or ')}?` : '';
  const message = `is not an operation of the organization${near}`;
  return { issue: { path: '/name', message, keyword: 'enum' }, suggestions };
}

function isBoundTo(
  known: MetadataOperations,
  { boundTo }: MetadataOperation,
  wanted: OperationReference['on'],
): boolean {
  if (boundTo === undefined || wanted === undefined) return boundTo === wanted;
  return (
    (boundTo.isCollection === true) === (wanted.id === undefined) &&
    isTableOfType(known, wanted.table, boundTo.table)
  );
}

/** Whether rows of a table have a type: the type is the table, one of its base types, or any row. */
export function isTableOfType(
  known: Pick<MetadataOperations, 'baseTypes'>,
  table: string,
  type: string,
): boolean {
  if (type === 'crmbaseentity' || table === type) return true;
  const base = Object.hasOwn(known.baseTypes, table) ? known.baseTypes[table] : undefined;
  return base !== undefined && isTableOfType(known, base, type);
}

function describeBinding({ boundTo }: MetadataOperation): string {
  if (boundTo === undefined) return 'by itself';
  const table = boundTo.table === 'crmbaseentity' ? 'any table' : boundTo.table;
  return boundTo.isCollection ? `on the table ${table} as a whole, without an id` : `on a row of ${table}`;
}
