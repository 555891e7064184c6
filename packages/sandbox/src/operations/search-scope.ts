import { parseFilter } from 'dynamics365-connector/odata';
import { isText } from '../model/attribute.ts';
import type { Attribute, TableModel } from '../model/types.ts';
import { badArgument } from '../protocol/refusal.ts';
import { isObject } from '../protocol/write/payload.ts';
import type { Row } from '../store/types.ts';
import type { Call } from './types.ts';

/** A table that is searched. */
export interface SearchScope {
  readonly table: TableModel;
  /** Columns that are looked into. */
  readonly searched: readonly Attribute[];
  /** Columns that are told of a row; absent: its name, and where the hits are. */
  readonly told?: readonly Attribute[];
  readonly filter?: string;
}

/** Tables that belong to people, but are no records that people look for. */
const unsearched = new Set(
  'activityparty activitymimeattachment slakpiinstance template userquery'.split(' '),
);

/**
 * The tables that a search names, `[{ name, searchColumns, selectColumns, filter }]`, each with its name alone
 * where it names no columns; without a list every table that people own, with all its texts.
 */
export function scopesOf(call: Call, entities: unknown): readonly SearchScope[] {
  if (entities === undefined) return wholeIndex(call);
  if (!Array.isArray(entities)) throw badArgument("The parameter 'entities' must be a list in JSON.");
  return entities.map((entity) => namedScope(call, entity));
}

function wholeIndex({ exchange }: Call): readonly SearchScope[] {
  return [...exchange.org.store.model.tables.values()]
    .filter(({ logicalName, ownership, set, view, primaryName }) => {
      return ownership === 'UserOwned' && set && !view && primaryName && !unsearched.has(logicalName);
    })
    .map((table) => ({ table, searched: table.attributes.filter(isSearchable) }));
}

function namedScope({ exchange }: Call, entity: unknown): SearchScope {
  const { model } = exchange.org.store;
  const { name, searchColumns, selectColumns, filter } = isObject(entity) ? inCamelCase(entity) : {};
  const table = typeof name === 'string' ? model.table(name) : undefined;
  if (!table) throw badArgument(`The entity '${String(name).slice(0, 100)}' is not enabled for search.`);
  const columns = (names: unknown) => {
    const listed = Array.isArray(names) && names.length > 0 ? names : [table.primaryName];
    return listed.map((column) => {
      const attribute = model.attribute(table, String(column));
      if (attribute) return attribute;
      throw badArgument(`'${table.logicalName}' has no column '${String(column).slice(0, 100)}'.`);
    });
  };
  const searched = columns(searchColumns);
  const other = searched.find((column) => !isSearchable(column));
  if (other) throw badArgument(`The column '${other.logicalName}' is not enabled for search.`);
  return {
    ...{ table, searched, told: columns(selectColumns) },
    ...(typeof filter === 'string' && { filter }),
  };
}

/** Microsoft's own samples write `Name` and `SelectColumns`. */
function inCamelCase(entity: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entity).map(([name, value]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value]),
  );
}

const isSearchable = (attribute: Attribute): boolean => isText(attribute) && attribute.type !== 'EntityName';

/** Every row of the table that its own filter and the one for all tables let through. */
export function* rowsOf({ exchange }: Call, { table, filter }: SearchScope, ofAll?: string): Generator<Row> {
  const { store } = exchange.org;
  const clauses = [filter, ofAll].flatMap((clause) => clause ?? []);
  const parsed =
    clauses.length === 0 ? undefined : parseFilter(clauses.map((one) => `(${one})`).join(' and '));
  if (parsed?.ok === false) throw badArgument(`The filter cannot be read: ${parsed.faults[0]!.message}`);
  let pageToken: string | undefined;
  do {
    const page = store.query(table.logicalName, {
      actor: exchange.actor,
      ...(parsed && { filter: parsed.value }),
      ...(pageToken !== undefined && { pageToken }),
    });
    yield* page.rows;
    pageToken = page.next;
  } while (pageToken !== undefined);
}
