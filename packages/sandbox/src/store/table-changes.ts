import type { Model, TableModel } from '../model/types.ts';
import { type Database, quoteIdentifier } from './database.ts';
import { invalidArgument } from './errors.ts';
import { QueryCompilation } from './query/compilation.ts';
import { decodePageToken, encodePageToken } from './query/page-token.ts';
import { planRead, selectAttributes, toStoredRow } from './query/read-rows.ts';
import { TableScope } from './query/scope.ts';
import type { ChangeEntry, ChangesRequest, ChangesResult } from './types.ts';

const maxEntries = 5000;

/** What reading changes needs. */
interface ChangesReadContext {
  readonly database: Database;
  readonly model: Model;
}

const parseVersion = (text: string): bigint => {
  if (!/^\d{1,18}$/.test(text)) throw invalidArgument('The version stamp is not a number.');
  return BigInt(text);
};

/** Rows after a version by version, then deletions; a page ends in one or the other part. */
export function readTableChanges(
  table: TableModel,
  request: ChangesRequest,
  context: ChangesReadContext,
): ChangesResult {
  const since = parseVersion(request.since);
  const cursor = request.pageToken ? decodePageToken(request.pageToken, [true, true]) : undefined;
  const [rowsAfter, deletedAfter] = cursor
    ? cursor.lastValues.map((text) => parseVersion(`${text}`))
    : [since, since];
  const limit = Math.min(request.pageSize ?? maxEntries, maxEntries);
  const rows = readChangedRows(
    { table, after: rowsAfter!, limit: limit + 1, select: request.select },
    context,
  );
  const remaining = limit - Math.min(rows.length, limit);
  const deleted =
    since === 0n || rows.length > limit
      ? []
      : readDeletions({ table, after: deletedAfter!, limit: remaining + 1 }, context);
  const entries = [...rows.slice(0, limit), ...deleted.slice(0, remaining)];
  if (rows.length <= limit && deleted.length <= remaining) return { entries };
  const last = (kind: ChangeEntry['kind'], start: bigint): string => {
    const entry = entries.findLast((each) => each.kind === kind);
    return entry ? (entry.kind === 'row' ? entry.row.version : entry.version) : `${start}`;
  };
  const next = [last('row', rowsAfter!), last('deleted', deletedAfter!)];
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
  { table, after, limit, select }: ChangesSlice & { readonly select: readonly string[] | undefined },
  { database, model }: ChangesReadContext,
): readonly (ChangeEntry & { kind: 'row' })[] {
  const compilation = new QueryCompilation(model, { userId: '' }, 0);
  const scope = new TableScope(compilation, table);
  const plan = planRead(model, {
    table,
    attributes: selectAttributes(model, table, select),
    alias: scope.alias,
  });
  const version = `${scope.alias}."versionnumber"`;
  const sql = `SELECT ${plan.sql} FROM ${scope.from()} WHERE ${version} > ?1 ORDER BY ${version} LIMIT ?2`;
  return database.all(sql, [after, limit]).map((raw) => ({ kind: 'row', row: toStoredRow(plan, raw) }));
}

function readDeletions(
  { table, after, limit }: ChangesSlice,
  { database }: ChangesReadContext,
): readonly ChangeEntry[] {
  const sql =
    'SELECT "id", CAST("version" AS TEXT) AS "version" FROM "$deleted" WHERE "table" = ?1 AND "version" > ?2 ORDER BY "version" LIMIT ?3';
  return database
    .all(sql, [table.logicalName, after, limit])
    .map(({ id, version }) => ({ kind: 'deleted', id: id as string, version: version as string }));
}

/** Number of rows and deletions after a version; from the beginning there are no deletions. */
export function countTableChanges(
  table: TableModel,
  since: string,
  { database }: ChangesReadContext,
): number {
  const after = parseVersion(since);
  const changedSql = `SELECT count(*) AS n FROM ${quoteIdentifier(table.logicalName)} WHERE "versionnumber" > ?1`;
  const deletedSql = 'SELECT count(*) AS n FROM "$deleted" WHERE "table" = ?1 AND "version" > ?2';
  const changed = database.get(changedSql, [after])!.n as number;
  if (after === 0n) return changed;
  return changed + (database.get(deletedSql, [table.logicalName, after])!.n as number);
}
