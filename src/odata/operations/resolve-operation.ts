import { suggest } from '../../errors/suggest.ts';
import type { Issue } from '../../model/diagnostic.ts';
import type { MetadataOperation, MetadataOperations } from '../../model/metadata.ts';

/** What a caller says of the operation that is meant. */
export interface OperationReference {
  readonly name: string;
  readonly kind: 'action' | 'function';
  /** `id` absent: the table as a whole. */
  readonly on?: { readonly table: string; readonly id?: string };
}

/** What was found: the operation, or what is wrong with its name, kind or table. */
export type OperationResolution =
  | { readonly operation: MetadataOperation }
  | { readonly issue: Issue; readonly suggestions?: readonly string[] };

/** The operation that a call means: of that name, on that table, of that kind. */
export function resolveOperation(known: MetadataOperations, wanted: OperationReference): OperationResolution {
  const named = known.operations.filter(({ name }) => name === wanted.name);
  if (named.length === 0) return unknownName(known, wanted.name);
  const operation = named.find((one) => fits(known, one, wanted.on));
  if (operation === undefined) {
    const places = [...new Set(named.map(describeBinding))].join(', or ');
    return {
      issue: { path: '/on', message: `does not fit: ${wanted.name} is called ${places}`, keyword: 'on' },
    };
  }
  if (operation.kind === wanted.kind) return { operation };
  return { issue: { path: '/kind', message: `must be "${operation.kind}"`, keyword: 'enum' } };
}

function unknownName({ operations }: MetadataOperations, wrong: string): OperationResolution {
  const suggestions = suggest(wrong, new Set(operations.map(({ name }) => name)));
  const near = suggestions.length > 0 ? `: did you mean ${suggestions.join(' or ')}?` : '';
  const message = `is no operation of the organization${near}`;
  return { issue: { path: '/name', message, keyword: 'enum' }, suggestions };
}

function fits(
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

/** Is a table of a kind: the table itself, what it is as well, or any row at all? */
export function isTableOfType(
  known: Pick<MetadataOperations, 'baseTypes'>,
  table: string,
  kind: string,
): boolean {
  if (kind === 'crmbaseentity' || table === kind) return true;
  const base = Object.hasOwn(known.baseTypes, table) ? known.baseTypes[table] : undefined;
  return base !== undefined && isTableOfType(known, base, kind);
}

function describeBinding({ boundTo }: MetadataOperation): string {
  if (boundTo === undefined) return 'by itself';
  const table = boundTo.table === 'crmbaseentity' ? 'any table' : boundTo.table;
  return boundTo.isCollection ? `on the table ${table} as a whole, without an id` : `on a row of ${table}`;
}
