import { isJsonObject } from 'dynamics365-connector/base';
import { parseFilter } from 'dynamics365-connector/odata';
import { isText } from '../model/attribute.ts';
import type { Attribute, TableModel } from '../model/types.ts';
import type { StoredRow } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
import type { JsonBody } from '../web-api/json-body.ts';
import type { OperationContext } from './types.ts';

/** A table to search. */
export interface SearchScope {
  readonly table: TableModel;
  /** Columns to search. */
  readonly searched: readonly Attribute[];
  /** Columns in the result. Absent: the primary name and the columns with hits. */
  readonly returned?: readonly Attribute[];
  readonly filter?: string;
}

/** User-owned tables that are not searched by default. */
const unsearchedTables = new Set([
  ...['activityparty', 'activitymimeattachment', 'slakpiinstance', 'template', 'userquery'],
  ...[
    'asyncoperation',
    'bulkdeleteoperation',
    'connectionreference',
    'duplicaterule',
    'environmentvariabledefinition',
    'workflow',
  ],
  ...['mailbox', 'emailserverprofile', 'routingrule', 'routingruleitem', 'convertrule', 'convertruleitem'],
  ...['report', 'processstage', 'postfollow', 'goalrollupquery', 'callbackregistration'],
  ...['environmentvariablevalue'],
]);

/**
 * The tables to search, from `[{ name, searchcolumns, selectcolumns, filter }]`. Without columns, only the primary name
 * is searched.
 */
export function readSearchScopes(call: OperationContext, entities: unknown): readonly SearchScope[] {
  if (!Array.isArray(entities)) throw invalidArgument("The parameter 'entities' must be a JSON array.");
  return entities.map((entity) => readSearchScope(call, entity));
}

/** All text columns of all user-owned tables. */
export function allSearchScopes({ context }: OperationContext): readonly SearchScope[] {
  const { access } = context.request.caller;
  return [...context.org.store.model.tables.values()]
    .filter((table) => access?.can('Read', table) ?? true)
    .filter(({ logicalName, ownership, set, view, primaryName }) => {
      return ownership === 'UserOwned' && set && !view && primaryName && !unsearchedTables.has(logicalName);
    })
    .map((table) => ({ table, searched: searchableColumns(table) }));
}

function readSearchScope({ context }: OperationContext, entity: unknown): SearchScope {
  const { model } = context.org.store;
  const { name, searchcolumns, selectcolumns, filter } = isJsonObject(entity)
    ? withLowerCaseKeys(entity)
    : {};
  const table = typeof name === 'string' ? model.table(name) : undefined;
  if (!table) throw invalidArgument(`The entity '${String(name).slice(0, 100)}' is not enabled for search.`);
  const columns = (names: unknown) => {
    const columnNames = Array.isArray(names) && names.length > 0 ? names : [table.primaryName];
    return columnNames.map((column) => {
      const attribute = model.attribute(table, String(column));
      if (attribute) return attribute;
      throw invalidArgument(`'${table.logicalName}' has no column '${String(column).slice(0, 100)}'.`);
    });
  };
  const searched = columns(searchcolumns);
  const notSearchable = searched.find((column) => !isSearchable(column));
  if (notSearchable)
    throw invalidArgument(`The column '${notSearchable.logicalName}' is not enabled for search.`);
  return {
    table,
    searched,
    returned: columns(selectcolumns),
    filter: typeof filter === 'string' ? filter : undefined,
  };
}

/** Names are read in any case: `selectcolumns`, `selectColumns` and `SelectColumns`. */
function withLowerCaseKeys(entity: JsonBody): JsonBody {
  return Object.fromEntries(Object.entries(entity).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The columns of a table that are searched without a list of columns. */
export const searchableColumns = (table: TableModel): readonly Attribute[] =>
  table.attributes.filter(isSearchable);

const isSearchable = (attribute: Attribute): boolean => isText(attribute) && attribute.type !== 'EntityName';

/** The rows of a table that match its own filter and the filter of the request. */
export function* scanRows(
  { context }: OperationContext,
  { table, filter }: SearchScope,
  globalFilter?: string,
): Generator<StoredRow> {
  const { store } = context.org;
  const clauses = [filter, globalFilter].flatMap((clause) => clause ?? []);
  const parsed =
    clauses.length === 0 ? undefined : parseFilter(clauses.map((one) => `(${one})`).join(' and '));
  if (parsed?.ok === false)
    throw invalidArgument(`The filter is not valid: ${parsed.diagnostics[0]?.message}`);
  let pageToken: string | undefined;
  do {
    const page = store.query(table.logicalName, { actor: context.actor, filter: parsed?.value, pageToken });
    yield* page.rows;
    pageToken = page.next;
  } while (pageToken !== undefined);
}
