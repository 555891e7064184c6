import { isLookup } from '../model/attribute.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';
import type { ColumnValue, ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import { dataverseError, invalidQuery, keyNotFound, rowNotFound } from './errors.ts';
import { splitTopLevel } from './request-path.ts';

/** How a path names one row. */
export type RowKey =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'alternate'; readonly values: ColumnValues };

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A guid in its canonical spelling, or undefined. */
export function parseGuid(text: string): string | undefined {
  return guidPattern.test(text) ? text.toLowerCase() : undefined;
}

/** Reads what stands in the parentheses after an entity set: an id, `pk=id`, or the columns of an alternate key. */
export function parseRowKey(model: Model, table: TableModel, args: string): RowKey {
  const id = parseGuid(args.trim().replace(/^\{(.*)\}$/, '$1'));
  if (id) return { kind: 'id', id };
  const pairs = splitTopLevel(args, ',').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) throw invalidQuery('Bad Request - Error in query syntax.');
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
  const columns = pairs.map(([name]) => model.property(table, name));
  const names = columns.map((column) => column?.logicalName);
  const declared = table.keys.some(
    (key) => key.columns.length === names.length && key.columns.every((column) => names.includes(column)),
  );
  if (!declared) throw invalidKey(table);
  return Object.fromEntries(
    pairs.map(([, text], index) => [names[index]!, parseKeyValue(columns[index]!, text, table)]),
  );
}

function parseKeyValue(column: Attribute, text: string, table: TableModel): ColumnValue {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (isLookup(column)) {
    const id = parseGuid(text);
    if (!id) throw invalidKey(table);
    return { table: column.targets![0]!.table, id };
  }
  if (column.type === 'Boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (/^(Integer|Picklist|State|Status|Double)$/.test(column.type) && /^-?\d{1,15}$/.test(text)) {
    return Number(text);
  }
  if (/^[\w.:+-]{1,100}$/.test(text)) return text;
  throw invalidKey(table);
}

function invalidKey(table: TableModel) {
  const type = `'Microsoft.Dynamics.CRM.${table.logicalName}'`;
  const rule = `Ensure that the names and number of key properties match the declared or alternate key properties for the resource ${type}.`;
  return dataverseError(
    400,
    '0x80060888',
    `The key in the request URI is not valid for resource ${type}. ${rule}`,
  );
}

/** The row a key names, if there is one. */
export function findRow(store: OrganizationStore, table: TableModel, key: RowKey): StoredRow | undefined {
  if (key.kind === 'id') return store.read(table.logicalName, key.id);
  return store.readByKey(table.logicalName, key.values);
}

/** The row a key names; 404 when there is none. */
export function requireRow(store: OrganizationStore, table: TableModel, key: RowKey): StoredRow {
  const row = findRow(store, table, key);
  if (row) return row;
  throw key.kind === 'id' ? rowNotFound(table.logicalName, key.id) : keyNotFound(table.logicalName);
}
