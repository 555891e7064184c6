import type { Model, TableModel } from '../model/types.ts';
import { type Database, quote } from './database.ts';
import { Compilation } from './query/compilation.ts';
import { readPlace, writePlace } from './query/page-token.ts';
import { planToRead, selected, toRow } from './query/read-rows.ts';
import { Scope } from './query/scope.ts';
import { badArgument } from './refusal.ts';
import type { ChangeEntry, ChangesRequest, ChangesResult } from './types.ts';

const mostEntries = 5000;

/** What reading changes needs. */
interface Reading {
  readonly database: Database;
  readonly model: Model;
}

const versionOf = (text: string): bigint => {
  if (!/^\d{1,18}$/.test(text)) throw badArgument('The version stamp is not a number.');
  return BigInt(text);
};

/** Rows after a version by version, then deletions; a page ends in one or the other part. */
export function readChanges(table: TableModel, request: ChangesRequest, reading: Reading): ChangesResult {
  const since = versionOf(request.since);
  const place = request.pageToken ? readPlace(request.pageToken, [true, true]) : undefined;
  const [rowsAfter, deletedAfter] = place ? place.last.map((text) => versionOf(`${text}`)) : [since, since];
  const limit = Math.min(request.pageSize ?? mostEntries, mostEntries);
  const rows = changedRows({ table, after: rowsAfter!, limit: limit + 1, select: request.select }, reading);
  const room = limit - Math.min(rows.length, limit);
  const deleted =
    since === 0n || rows.length > limit
      ? []
      : deletions({ table, after: deletedAfter!, limit: room + 1 }, reading);
  const entries = [...rows.slice(0, limit), ...deleted.slice(0, room)];
  if (rows.length <= limit && deleted.length <= room) return { entries };
  const last = (kind: ChangeEntry['kind'], start: bigint): string => {
    const entry = entries.findLast((each) => each.kind === kind);
    return entry ? (entry.kind === 'row' ? entry.row.version : entry.version) : `${start}`;
  };
  const next = [last('row', rowsAfter!), last('deleted', deletedAfter!)];
  return { entries, next: writePlace({ page: (place?.page ?? 1) + 1, seen: 0, last: next }) };
}

interface Part {
  readonly table: TableModel;
  readonly after: bigint;
  readonly limit: number;
}

function changedRows(
  { table, after, limit, select }: Part & { readonly select: readonly string[] | undefined },
  { database, model }: Reading,
): readonly (ChangeEntry & { kind: 'row' })[] {
  const compilation = new Compilation(model, { userId: '' }, 0);
  const scope = new Scope(compilation, table);
  const plan = planToRead(model, { table, attributes: selected(model, table, select), alias: scope.alias });
  const version = `${scope.alias}."versionnumber"`;
  const sql = `SELECT ${plan.sql} FROM ${scope.from()} WHERE ${version} > ?1 ORDER BY ${version} LIMIT ?2`;
  return database.all(sql, [after, limit]).map((raw) => ({ kind: 'row', row: toRow(plan, raw) }));
}

function deletions({ table, after, limit }: Part, { database }: Reading): readonly ChangeEntry[] {
  const sql =
    'SELECT "id", CAST("version" AS TEXT) AS "version" FROM "$deleted" WHERE "table" = ?1 AND "version" > ?2 ORDER BY "version" LIMIT ?3';
  return database
    .all(sql, [table.logicalName, after, limit])
    .map(({ id, version }) => ({ kind: 'deleted', id: id as string, version: version as string }));
}

/** Number of rows and deletions after a version; from the beginning there are no deletions. */
export function countChanges(table: TableModel, since: string, { database }: Reading): number {
  const after = versionOf(since);
  const rows = `SELECT count(*) AS n FROM ${quote(table.logicalName)} WHERE "versionnumber" > ?1`;
  const gone = 'SELECT count(*) AS n FROM "$deleted" WHERE "table" = ?1 AND "version" > ?2';
  const changed = database.get(rows, [after])!.n as number;
  if (after === 0n) return changed;
  return changed + (database.get(gone, [table.logicalName, after])!.n as number);
}
