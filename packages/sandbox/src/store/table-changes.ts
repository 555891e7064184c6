import { maxPageSize } from 'dynamics365-connector/odata';
import type { TableModel } from '../model/types.ts';
import { quoteIdentifier, type StoreContext } from './database.ts';
import { invalidArgument } from './errors.ts';
import { QueryCompilation } from './query/compilation.ts';
import { decodePageToken, encodePageToken } from './query/page-token.ts';
import { planRead, selectAttributes, toStoredRow } from './query/read-rows.ts';
import { TableScope } from './query/scope.ts';
import type { ChangeEntry, ChangesRequest, ChangesResult } from './types.ts';

const parseVersion = (text: string): bigint => {
  if (!/^\d{1,18}$/.test(text)) throw invalidArgument('The version stamp is not a number.');
  return BigInt(text);
};

/** A page of the changes after a version: changed rows by version, then deletions. */
export function readTableChanges(
  table: TableModel,
  request: ChangesRequest,
  context: StoreContext,
): ChangesResult {
  const since = parseVersion(request.since);
  const cursor = request.pageToken ? decodePageToken(request.pageToken, [true, true]) : undefined;
  const [rowsAfter = since, deletedAfter = since] =
    cursor?.lastValues.map((text) => parseVersion(`${text}`)) ?? [];
  const limit = Math.min(request.pageSize ?? maxPageSize, maxPageSize);
  const rows = readChangedRows(
    { table, after: rowsAfter, limit: limit + 1, select: request.select, access: request.access },
    context,
  );
  const remaining = limit - Math.min(rows.length, limit);
  const deleted =
    since === 0n || rows.length > limit
      ? []
      : readDeletions({ table, after: deletedAfter, limit: remaining + 1 }, context);
  const entries = [...rows.slice(0, limit), ...deleted.slice(0, remaining)];
  if (rows.length <= limit && deleted.length <= remaining) return { entries };
  const last = (kind: ChangeEntry['kind'], start: bigint): string => {
    const entry = entries.findLast((each) => each.kind === kind);
    return entry ? (entry.kind === 'row' ? entry.row.version : entry.version) : `${start}`;
  };
  const next = [last('row', rowsAfter), last('deleted', deletedAfter)];
  return {
    entries,
    next: encodePageToken({ page: (cursor?.page ?? 1) + 1, rowsBefore: 0, lastValues: next }),
  };
}

interface ChangesSlice {
  readonly table: TableModel;
  readonly after: bigint;
  readonly limit: number;
}

function readChangedRows(
  { table, after, limit, select, access }: ChangesSlice & Pick<ChangesRequest, 'select' | 'access'>,
  { database, model }: StoreContext,
): readonly (ChangeEntry & { kind: 'row' })[] {
  const compilation = new QueryCompilation(model, { userId: '', access }, 0);
  const scope = new TableScope(compilation, table);
  const plan = planRead(model, {
    table,
    attributes: selectAttributes(model, table, select),
    alias: scope.alias,
  });
  const version = `${scope.alias}."versionnumber"`;
  const sql = `SELECT ${plan.sql} FROM ${scope.from()} WHERE ${version} > ${compilation.bind(after)} ORDER BY ${version} LIMIT ${compilation.bind(limit)}`;
  return database.all(sql, compilation.values).map((raw) => ({ kind: 'row', row: toStoredRow(plan, raw) }));
}

function readDeletions(
  { table, after, limit }: ChangesSlice,
  { database }: StoreContext,
): readonly ChangeEntry[] {
  const sql =
    'SELECT "id", CAST("version" AS TEXT) AS "version" FROM "$deleted" WHERE "table" = ?1 AND "version" > ?2 ORDER BY "version" LIMIT ?3';
  return database
    .all(sql, [table.logicalName, after, limit])
    .map(({ id, version }) => ({ kind: 'deleted', id: id as string, version: version as string }));
}

/** Counts changed rows and deletions after a version. After version 0, deletions do not count. */
export function countTableChanges(table: TableModel, since: string, { database }: StoreContext): number {
  const after = parseVersion(since);
  const changedSql = `SELECT count(*) AS n FROM ${quoteIdentifier(table.logicalName)} WHERE "versionnumber" > ?1`;
  const deletedSql = 'SELECT count(*) AS n FROM "$deleted" WHERE "table" = ?1 AND "version" > ?2';
  const changed = database.count(changedSql, [after]);
  return after === 0n ? changed : changed + database.count(deletedSql, [table.logicalName, after]);
}
