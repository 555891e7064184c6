import { parseFilter } from 'dynamics365-connector/odata';
import { isText } from '../model/attribute.ts';
import type { Attribute, TableModel } from '../model/types.ts';
import type { StoredRow } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { isJsonObject } from '../web-api/write/read-payload.ts';
import type { OperationContext } from './types.ts';

/** A table that is searched. */
export interface SearchScope {
  readonly table: TableModel;
  /** Columns that are looked into. */
  readonly searched: readonly Attribute[];
  /** Columns that are told of a row; absent: its name, and where the hits are. */
  readonly returned?: readonly Attribute[];
  readonly filter?: string;
}

/** Tables that belong to people, but are no records that people look for. */
const unsearchedTables = new Set(
  'activityparty activitymimeattachment slakpiinstance template userquery'.split(' '),
);

/**
 * The tables that a search names, `[{ name, searchColumns, selectColumns, filter }]`, each with its name alone
 * where it names no columns; without a list every table that people own, with all its texts.
 */
export function readSearchScopes(call: OperationContext, entities: unknown): readonly SearchScope[] {
  if (entities === undefined) return allSearchScopes(call);
  if (!Array.isArray(entities)) throw invalidArgument("The parameter 'entities' must be a list in JSON.");
  return entities.map((entity) => readSearchScope(call, entity));
}

function allSearchScopes({ context }: OperationContext): readonly SearchScope[] {
  return [...context.org.store.model.tables.values()]
    .filter(({ logicalName, ownership, set, view, primaryName }) => {
      return ownership === 'UserOwned' && set && !view && primaryName && !unsearchedTables.has(logicalName);
    })
    .map((table) => ({ table, searched: table.attributes.filter(isSearchable) }));
}

function readSearchScope({ context }: OperationContext, entity: unknown): SearchScope {
  const { model } = context.org.store;
  const { name, searchColumns, selectColumns, filter } = isJsonObject(entity)
    ? withCamelCaseKeys(entity)
    : {};
  const table = typeof name === 'string' ? model.table(name) : undefined;
  if (!table) throw invalidArgument(`The entity '${String(name).slice(0, 100)}' is not enabled for search.`);
  const columns = (names: unknown) => {
    const listed = Array.isArray(names) && names.length > 0 ? names : [table.primaryName];
    return listed.map((column) => {
      const attribute = model.attribute(table, String(column));
      if (attribute) return attribute;
      throw invalidArgument(`'${table.logicalName}' has no column '${String(column).slice(0, 100)}'.`);
    });
  };
  const searched = columns(searchColumns);
  const notSearchable = searched.find((column) => !isSearchable(column));
  if (notSearchable)
    throw invalidArgument(`The column '${notSearchable.logicalName}' is not enabled for search.`);
  return {
    ...{ table, searched, returned: columns(selectColumns) },
    ...(typeof filter === 'string' && { filter }),
  };
}

/** Microsoft's own samples write `Name` and `SelectColumns`. */
function withCamelCaseKeys(entity: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entity).map(([name, value]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value]),
  );
}

const isSearchable = (attribute: Attribute): boolean => isText(attribute) && attribute.type !== 'EntityName';

/** Every row of the table that its own filter and the one for all tables let through. */
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
    throw invalidArgument(`The filter cannot be read: ${parsed.diagnostics[0]!.message}`);
  let pageToken: string | undefined;
  do {
    const page = store.query(table.logicalName, {
      actor: context.actor,
      ...(parsed && { filter: parsed.value }),
      ...(pageToken !== undefined && { pageToken }),
    });
    yield* page.rows;
    pageToken = page.next;
  } while (pageToken !== undefined);
}
