import { joinWithOr } from '../../errors/join-with-or.ts';
import { isGuid } from '../../model/guid.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { ownValue } from '../../model/own-value.ts';
import type { LookupTarget, Table, TableColumn } from '../../model/table.ts';
import type { Reject } from '../../odata/encode-scalar.ts';
import { quoteString } from '../../odata/quote-string.ts';
import { metadataTableName } from '../metadata-table.ts';
import { rejectAt } from './invalid-value.ts';
import { rowKey } from './row-key.ts';

/** The tables of a definition, by our names. */
export type Tables = Readonly<Record<string, Table>>;

/**
 * Binds a lookup to a row: `{ table, id }`, the id alone if the lookup has one table, or `{ table, key }` with the
 * columns of an alternate key; an id wins over a key. Other members (`name`, as it was read) are ignored. `null` clears the lookup whatever
 * table it refers to, so every navigation property of the lookup is cleared.
 *
 * @param path the JSON Pointer of the lookup in the input, for errors
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */
export function encodeLookup(
  { targets = [] }: TableColumn,
  value: Json,
  { tables = {}, path }: { readonly tables?: Tables; readonly path: string },
): readonly (readonly [string, Json])[] {
  const reject = rejectAt(path);
  if (value === null) return targets.map((target) => [`${target.navigation}@odata.bind`, null]);
  const row: Json = typeof value === 'string' ? { id: value } : value;
  if (!isJsonObject(row)) return reject('must be a row: { "table": …, "id": … }');
  const target = findTarget(targets, row.table, tables);
  if (target === undefined) {
    return reject(`must point to ${joinWithOr(targetNames(targets))}: { "table": …, "id": … }`);
  }
  const hasKey = row.key !== undefined && row.id === undefined;
  const key = hasKey ? alternateKey(row, target, { tables, path }) : rowId(row, reject);
  return [[`${target.navigation}@odata.bind`, `/${target.entitySet}(${key})`]];
}

/** The tables of a lookup; activities have some of them by two navigation properties. */
export function targetNames(targets: readonly LookupTarget[]): readonly string[] {
  return [...new Set(targets.map(({ table }) => table))];
}

/** The target that a name stands for: our name of its table, its logical name or its entity set. */
export function findTarget(
  targets: readonly LookupTarget[],
  name: Json | undefined,
  tables: Tables,
): LookupTarget | undefined {
  if (name === undefined || name === null) return targets.length === 1 ? targets[0] : undefined;
  const text = String(name);
  const logicalName = ownValue(tables, text)?.logicalName ?? text;
  return (
    targets.find(({ table }) => table === text) ??
    targets.find((target) => target.logicalName === logicalName || target.entitySet === text) ??
    targets.find(({ ownName }) => ownName === text)
  );
}

function rowId({ id }: JsonObject, reject: Reject): string {
  return typeof id === 'string' && isGuid(id)
    ? id
    : reject('must be a row: { "table": …, "id": … }, or { "table": …, "key": { … } }');
}

/** The key is plain text: Dataverse does not decode URLs in a body. */
function alternateKey(
  { key }: JsonObject,
  target: LookupTarget,
  { tables, path }: { readonly tables: Tables; readonly path: string },
): string {
  const reject = rejectAt(path);
  if (!isJsonObject(key ?? null) || Object.keys(key as JsonObject).length === 0) {
    return reject('must have a key with the columns that identify the row');
  }
  const columns = key as JsonObject;
  const table =
    ownValue(tables, target.table) ??
    ownValue(tables, metadataTableName(target.logicalName)) ??
    Object.values(tables).find(({ logicalName }) => logicalName === target.logicalName);
  if (table === undefined) return untypedKey(columns, reject);
  return decodeURIComponent(rowKey(table, Object.keys(columns), columns, `${path}/key`).slice(1, -1));
}

/** A key of a table whose columns are not known: text in quotes, ids of rows and numbers bare. */
function untypedKey(columns: JsonObject, reject: Reject): string {
  return Object.entries(columns)
    .map(([name, value]) => {
      if (!/^[A-Za-z_]\w*$/.test(name)) return reject('must have the names of columns in its key');
      return `${name}=${typeof value === 'string' ? quoteString(value) : JSON.stringify(value)}`;
    })
    .join(',');
}
