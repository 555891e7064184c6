import { dayMs } from '../days.ts';
import { isLookup } from '../model/attribute.ts';
import { tableMetadataId } from '../model/metadata-ids.ts';
import type { Attribute, AttributeType, TableModel } from '../model/types.ts';
import { isComputedColumn } from './check-values.ts';
import { findUniqueViolation, quoteIdentifier, type SqlValue, type StoreContext } from './database.ts';
import type { DeletedRows } from './deleted-rows.ts';
import { rowNotFound } from './errors.ts';
import { fromJsonSql, toJsonSql } from './json-columns.ts';
import { entityKeyTaken, optionRemoved, referenceLost, rowExists } from './recycle-bin-errors.ts';
import { sqlColumns, toSqlValues } from './sql-columns.ts';
import type { ColumnValue, StoredRow } from './types.ts';

/**
 * `$bin`: deleted rows. `entry` is the version of the deletion, `parent` the entry of the row whose deletion caused it.
 * `$bin_links`: what a deletion took from other rows. With `column`: a lookup of the row `id` that was cleared; without:
 * a row of an intersect table or a share, in `data`.
 */
export const recycleBinSql = `CREATE TABLE IF NOT EXISTS "$bin" (
  "entry" INTEGER PRIMARY KEY, "parent" INTEGER, "table" TEXT NOT NULL, "id" TEXT NOT NULL,
  "deletedon" INTEGER NOT NULL, "data" TEXT NOT NULL, UNIQUE ("table", "id")
);
CREATE INDEX IF NOT EXISTS "$bin:parent" ON "$bin" ("parent") WHERE "parent" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "$bin:age" ON "$bin" ("table", "deletedon");
CREATE TABLE IF NOT EXISTS "$bin_links" (
  "row" INTEGER PRIMARY KEY, "entry" INTEGER NOT NULL, "table" TEXT NOT NULL, "column" TEXT, "id" TEXT, "data" TEXT
);
CREATE INDEX IF NOT EXISTS "$bin_links:entry" ON "$bin_links" ("entry");`;

/** The deleted rows of a table with its columns, for a FROM clause. */
export function deletedRowsSql(table: TableModel): string {
  const columns = rowColumns(table).map((column) => `${fromJsonSql('"data"', column)} AS ${column}`);
  return `(SELECT "entry" AS "$row", ${columns.join(', ')} FROM "$bin" WHERE "table" = '${table.logicalName}')`;
}

const rowColumns = (table: TableModel): readonly string[] =>
  table.attributes
    .filter(({ logicalName }) => !isComputedColumn(table, logicalName))
    .flatMap((attribute) => sqlColumns(attribute).map(([name]) => name));

/** What the recycle bin needs from the store. */
export interface RecycleBinContext extends StoreContext {
  readonly nowMs: () => number;
  readonly nextVersion: () => bigint;
  readonly read: (table: TableModel, id: string) => StoredRow | undefined;
}

/** A deleted row in the bin. */
interface BinEntry {
  readonly entry: bigint;
  readonly table: TableModel;
  readonly id: string;
}

/**
 * The deleted rows of tables whose configuration (`recyclebinconfig`) keeps them. The caller opens the transaction.
 * https://learn.microsoft.com/power-apps/developer/data-platform/restore-deleted-records
 */
export class RecycleBin implements DeletedRows {
  readonly #context: RecycleBinContext;

  constructor(context: RecycleBinContext) {
    this.#context = context;
  }

  /**
   * Copies a row that is about to be deleted, with its shares and its pairs of many-to-many relationships. Returns
   * whether it is kept: not if its table does not keep deleted rows, or if a deleted row has the same id.
   *
   * @param entry version of the deletion
   * @param parent that of the deletion that caused it
   */
  keep(table: TableModel, id: string, entry: bigint, parent: bigint | undefined): boolean {
    if (!this.#keepsRowsOf(table)) return false;
    const { database, nowMs } = this.#context;
    const sql = `INSERT OR IGNORE INTO "$bin" ("entry", "parent", "table", "id", "deletedon", "data")
SELECT ?1, ?2, ?3, ?4, ?5, ${toJsonSql(rowColumns(table))} FROM ${quoteIdentifier(table.logicalName)} WHERE ${quoteIdentifier(table.primaryId)} = ?4`;
    const values = [entry, parent ?? null, table.logicalName, id, nowMs()];
    if (database.run(sql, values) === 0) return false;
    for (const [name, columns, column] of this.#linkTables(table)) {
      const linkSql = `INSERT INTO "$bin_links" ("entry", "table", "data") SELECT ?1, ?2, ${toJsonSql(columns)} FROM ${quoteIdentifier(name)} WHERE ${column} = ?3`;
      database.run(linkSql, [entry, name, id]);
    }
    return true;
  }

  /** Remembers a lookup to a kept row that its deletion cleared. */
  keepReference(entry: bigint, table: TableModel, attribute: Attribute, id: string): void {
    const sql = 'INSERT INTO "$bin_links" ("entry", "table", "column", "id") VALUES (?1, ?2, ?3, ?4)';
    this.#context.database.run(sql, [entry, table.logicalName, attribute.logicalName, id]);
  }

  restore(table: TableModel, id: string): void {
    const entries = this.#readTree(table, id.toLowerCase());
    if (entries.length === 0) throw rowNotFound(table, id);
    for (const entry of entries) this.#insertRow(entry);
    for (const entry of entries) this.#checkRow(entry);
    for (const entry of entries) this.#restoreLinks(entry);
    for (const entry of entries) this.#remove(entry);
  }

  removeUnkept(): void {
    const { database, model } = this.#context;
    const tables = database.all('SELECT DISTINCT "table" FROM "$bin"').map((row) => row.table as string);
    for (const name of tables) {
      const table = model.table(name);
      if (!table || !this.#keepsRowsOf(table)) database.run('DELETE FROM "$bin" WHERE "table" = ?1', [name]);
    }
    this.#removeLostLinks();
  }

  removeExpired(nowMs: number): number {
    const { database } = this.#context;
    const oldest = database.all('SELECT "table", min("deletedon") AS "oldest" FROM "$bin" GROUP BY "table"');
    let nextDueMs = Number.POSITIVE_INFINITY;
    let isExpired = false;
    for (const row of oldest) {
      const table = row.table as string;
      const keptMs = this.#keptDays(table) * dayMs;
      const dueMs = (row.oldest as number) + keptMs;
      nextDueMs = Math.min(nextDueMs, Math.max(dueMs, nowMs));
      if (dueMs > nowMs) continue;
      const sql = 'DELETE FROM "$bin" WHERE "table" = ?1 AND "deletedon" <= ?2';
      database.run(sql, [table, nowMs - keptMs]);
      isExpired = true;
    }
    if (isExpired) this.#removeLostLinks();
    return nextDueMs;
  }

  /** Both the organization and the table must keep deleted rows. */
  #keepsRowsOf({ logicalName }: TableModel): boolean {
    const sql = `SELECT count(DISTINCT "extensionofrecordid") AS n FROM "recyclebinconfig" WHERE "extensionofrecordid" IN (?1, ?2) AND "statecode" = 0 AND "isreadyforrecyclebin" = 1`;
    const ids = [tableMetadataId('organization'), tableMetadataId(logicalName)];
    return this.#context.database.count(sql, ids) === 2;
  }

  /** The days of a table, those of the organization if the table has none, or Infinity. */
  #keptDays(table: string): number {
    const sql = `SELECT "cleanupintervalindays" AS "days" FROM "recyclebinconfig" WHERE "extensionofrecordid" = ?1`;
    for (const name of [table, 'organization']) {
      const days = Number(this.#context.database.get(sql, [tableMetadataId(name)])?.days ?? -1);
      if (days > 0) return days;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** The tables whose rows belong to a row: intersect tables and shares, with their columns and the one of the row. */
  #linkTables({ logicalName }: TableModel): readonly (readonly [string, readonly string[], string])[] {
    const { model } = this.#context;
    const shares = model.table('principalobjectaccess');
    return [
      ...model.manyToMany.flatMap(({ intersect, ends }) =>
        ends
          .filter(({ table }) => table === logicalName)
          .map((end) => [intersect, this.#intersectColumns(intersect), quoteIdentifier(end.column)] as const),
      ),
      ...(shares ? [[shares.logicalName, rowColumns(shares), '"objectid"'] as const] : []),
    ];
  }

  #intersectColumns(intersect: string): readonly string[] {
    const { model } = this.#context;
    const table = model.table(intersect);
    if (table) return rowColumns(table);
    const ends = model.manyToMany.find((each) => each.intersect === intersect)?.ends ?? [];
    return ends.map(({ column }) => quoteIdentifier(column));
  }

  /** The entry of a row and of everything that its deletion deleted. */
  #readTree(table: TableModel, id: string): readonly BinEntry[] {
    const { database, model } = this.#context;
    const sql = `WITH RECURSIVE "tree" AS (
  SELECT * FROM "$bin" WHERE "table" = ?1 AND "id" = ?2
  UNION ALL SELECT "$bin".* FROM "$bin" JOIN "tree" ON "$bin"."parent" = "tree"."entry"
) SELECT CAST("entry" AS TEXT) AS "entry", "table", "id" FROM "tree"`;
    return database.all(sql, [table.logicalName, id]).flatMap((row) => {
      const found = model.table(row.table as string);
      return found ? [{ entry: BigInt(row.entry as string), table: found, id: row.id as string }] : [];
    });
  }

  #insertRow({ entry, table, id }: BinEntry): void {
    const { database, nextVersion, read } = this.#context;
    if (read(table, id)) throw rowExists(table, id);
    try {
      const sql = `INSERT ${intoSelectSql(table.logicalName, rowColumns(table))} FROM "$bin" WHERE "entry" = ?1`;
      database.run(sql, [entry, nextVersion()]);
    } catch (error) {
      throw findUniqueViolation(error) === undefined ? error : entityKeyTaken(table, id);
    }
    // A client that reads changes must not take the row for deleted.
    database.run('DELETE FROM "$deleted" WHERE "table" = ?1 AND "id" = ?2', [table.logicalName, id]);
  }

  /** The rows that a restored row references exist, and its choices too. */
  #checkRow({ table, id }: BinEntry): void {
    const { model, read } = this.#context;
    const values = read(table, id)?.values ?? {};
    for (const attribute of table.attributes) {
      const value = values[attribute.logicalName] ?? null;
      if (value === null) continue;
      if (!hasOptions(attribute, value)) throw optionRemoved();
      if (!isLookup(attribute) || !attribute.validForCreate || typeof value !== 'object') continue;
      const referenced = model.table(value.table);
      if (!referenced || read(referenced, value.id)) continue;
      throw referenceLost({ missing: value, referenced, column: attribute.logicalName, value: value.id });
    }
  }

  #restoreLinks(entry: BinEntry): void {
    const { database, model, nextVersion } = this.#context;
    const sql =
      'SELECT DISTINCT "table", "column", "id" FROM "$bin_links" WHERE "entry" = ?1 ORDER BY "table", "id"';
    for (const { table: name, column, id } of database.all(sql, [entry.entry])) {
      if (column === null) this.#restorePairs(entry, name as string);
      else {
        const table = model.table(name as string);
        const attribute = table && model.attribute(table, column as string);
        if (attribute) this.#restoreReference(entry, { table, attribute, id: id as string }, nextVersion());
      }
    }
  }

  /** Restores the pairs of an intersect table whose other row exists, or shares. */
  #restorePairs({ entry }: BinEntry, name: string): void {
    const { database, model, nextVersion } = this.#context;
    const relationship = model.manyToMany.find(({ intersect }) => intersect === name);
    if (!relationship && !model.table(name)) return;
    const exist = (relationship?.ends ?? []).map(({ table, column }) => {
      const key = quoteIdentifier(model.table(table)?.primaryId ?? '');
      const id = fromJsonSql('"data"', quoteIdentifier(column));
      return ` AND EXISTS (SELECT 1 FROM ${quoteIdentifier(table)} WHERE ${key} = ${id})`;
    });
    const columns = this.#intersectColumns(name);
    // A pair or a share can exist again.
    const sql = `INSERT OR IGNORE ${intoSelectSql(name, columns)} FROM "$bin_links" WHERE "entry" = ?1 AND "table" = '${name}'${exist.join('')}`;
    database.run(sql, columns.includes('"versionnumber"') ? [entry, nextVersion()] : [entry]);
  }

  /** Sets a lookup again, unless it has another value since. */
  #restoreReference(
    { table: referenced, id: value }: BinEntry,
    cleared: { readonly table: TableModel; readonly attribute: Attribute; readonly id: string },
    version: bigint,
  ): void {
    const { table, attribute, id } = cleared;
    const { database, read } = this.#context;
    const column = attribute.logicalName;
    if (!read(table, id)) {
      throw referenceLost({ missing: { table: table.logicalName, id }, referenced, column, value });
    }
    const sqlValues = toSqlValues(attribute, { table: referenced.logicalName, id: value });
    const sets = sqlColumns(attribute).map(([name], index) => `${name} = ?${index + 3}`);
    const sql = `UPDATE ${quoteIdentifier(table.logicalName)} SET ${sets.join(', ')}, "versionnumber" = ?1 WHERE ${quoteIdentifier(table.primaryId)} = ?2 AND ${quoteIdentifier(column)} IS NULL`;
    database.run(sql, [version, id, ...sqlValues]);
  }

  #remove({ entry }: BinEntry): void {
    const values: readonly SqlValue[] = [entry];
    this.#context.database.run('DELETE FROM "$bin" WHERE "entry" = ?1', values);
    this.#context.database.run('DELETE FROM "$bin_links" WHERE "entry" = ?1', values);
  }

  #removeLostLinks(): void {
    const sql = 'DELETE FROM "$bin_links" WHERE "entry" NOT IN (SELECT "entry" FROM "$bin")';
    this.#context.database.run(sql);
  }
}

/** The target and the values of an INSERT of rows that the column `data` holds as JSON objects. `?2`: their version. */
function intoSelectSql(table: string, columns: readonly string[]): string {
  const values = columns.map((column) =>
    column === '"versionnumber"' ? '?2' : fromJsonSql('"data"', column),
  );
  return `INTO ${quoteIdentifier(table)} (${columns.join(', ')}) SELECT ${values.join(', ')}`;
}

const choiceTypes: ReadonlySet<AttributeType> = new Set([
  'Picklist',
  'MultiSelectPicklist',
  'State',
  'Status',
]);

/** Whether the options of a choice still exist. */
function hasOptions({ type, options }: Attribute, value: ColumnValue): boolean {
  if (!options || !choiceTypes.has(type)) return true;
  const known = new Set(options.map((option) => String(option.value)));
  return String(value)
    .split(',')
    .every((option) => known.has(option));
}
