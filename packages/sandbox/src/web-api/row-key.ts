import { unquoteString } from 'dynamics365-connector/odata';
import { parseGuid } from '../guid.ts';
import { isLookup } from '../model/attribute.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';
import type { ColumnValue, ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import { invalidKey, invalidQuery, keyNotFound, rowNotFound } from './errors.ts';
import { splitTopLevel } from './request-path.ts';
import { unrecognizedLiteral } from './unrecognized-literal.ts';

/** The key of a row in a path. */
export type RowKey =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'alternate'; readonly values: ColumnValues };

/** Parses the parentheses after an entity set: an id, `primarykey=id`, or the columns of an alternate key. */
export function parseRowKey(model: Model, table: TableModel, args: string): RowKey {
  const id = parseGuid(args.trim());
  if (id) return { kind: 'id', id };
  const pairs = splitTopLevel(args, ',').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1)
      throw unrecognizedLiteral(`(${args})`) ?? invalidQuery('Bad Request - Error in query syntax.');
    return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()] as const;
  });
  const [first] = pairs;
  const primary = table.base === 'principal' ? [table.primaryId, 'ownerid'] : [table.primaryId];
  if (pairs.length === 1 && first && primary.includes(first[0])) {
    const named = parseGuid(first[1]);
    if (!named) throw invalidQuery('Bad Request - Error in query syntax.');
    return { kind: 'id', id: named };
  }
  return { kind: 'alternate', values: parseAlternateKey(model, table, pairs) };
}

function parseAlternateKey(
  model: Model,
  table: TableModel,
  pairs: readonly (readonly [string, string])[],
): ColumnValues {
  const entries = pairs.map(([name, text]) => {
    const column = model.property(table, name);
    if (!column) throw invalidKey(table);
    return { column, text };
  });
  const names = entries.map(({ column }) => column.logicalName);
  const isDeclared = table.keys.some(
    ({ columns, failed }) =>
      !failed && columns.length === names.length && columns.every((column) => names.includes(column)),
  );
  if (!isDeclared) throw invalidKey(table);
  return Object.fromEntries(
    entries.map(({ column, text }) => [column.logicalName, parseKeyValue(column, text, table)]),
  );
}

function parseKeyValue(column: Attribute, text: string, table: TableModel): ColumnValue {
  if (/^'.*'$/s.test(text)) return unquoteString(text);
  if (isLookup(column)) {
    const id = parseGuid(text);
    const [target] = column.targets ?? [];
    if (!id || !target) throw invalidKey(table);
    return { table: target.table, id };
  }
  if (column.type === 'Boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (/^(Integer|Picklist|State|Status|Double)$/.test(column.type) && /^-?\d{1,15}$/.test(text)) {
    return Number(text);
  }
  if (/^[\w.:+-]{1,100}$/.test(text)) return text;
  throw invalidKey(table);
}

/** The row of a key; undefined when there is none. */
export function findRow(store: OrganizationStore, table: TableModel, key: RowKey): StoredRow | undefined {
  if (key.kind === 'id') return store.read(table.logicalName, key.id);
  return store.readByKey(table.logicalName, key.values);
}

/** The row of a key. Throws 404 when there is none. */
export function requireRow(store: OrganizationStore, table: TableModel, key: RowKey): StoredRow {
  const row = findRow(store, table, key);
  if (row) return row;
  throw key.kind === 'id' ? rowNotFound(table, key.id) : keyNotFound(table);
}
