import type { AlternateKey, Attribute, TableModel } from '../model/types.ts';
import { buildNewRow, buildRowChanges, columnDefaults } from './build-row.ts';
import { cascadeDelete } from './cascade-delete.ts';
import { checkValues, isComputedColumn } from './check-values.ts';
import { findUniqueViolation, quoteIdentifier, type SqlValue } from './database.ts';
import { createDefaultValues, type DefaultValueSources } from './default-values.ts';
import { DataverseError, duplicateKey, keyViolated, rowNotFound, versionMismatch } from './errors.ts';
import { sequentialGuid } from './guid-order.ts';
import type { RecycleBin } from './recycle-bin.ts';
import { requireTable } from './require-table.ts';
import { createIndexesSql, isLargeAt } from './schema-sql.ts';
import { sqlColumns, toSqlValues } from './sql-columns.ts';
import type { Actor, ColumnValues, StoredRow } from './types.ts';

/** What the writer needs from the store. */
export interface RowWriteContext extends DefaultValueSources {
  /** A GUID with whose last two groups the ids of new rows end. */
  readonly idSource: string;
  /** The next row version of the organization. */
  readonly nextVersion: () => bigint;
  readonly read: (table: TableModel, id: string) => StoredRow | undefined;
  /** Keeps deleted rows. */
  readonly bin: RecycleBin;
}

/** An INSERT statement with the columns whose values it takes, and the values of those that a request leaves out. */
interface InsertStatement {
  readonly sql: string;
  readonly defaults: ColumnValues;
  /** `empty`: the SQL values of a column without a value. */
  readonly columns: readonly { readonly attribute: Attribute; readonly empty: readonly SqlValue[] }[];
}

/** Inserts, updates and deletes rows. The caller opens the transaction. */
export class StoredRowWriter {
  readonly #context: RowWriteContext;
  readonly #inserts = new WeakMap<TableModel, InsertStatement>();

  constructor(context: RowWriteContext) {
    this.#context = context;
  }

  /** Inserts a row and returns its id. */
  insert(name: string, requested: ColumnValues, actor: Actor): string {
    const table = this.#requireTable(name);
    checkValues(table, requested, this.#context);
    const version = this.#context.nextVersion();
    const requestedId = (requested[table.primaryId] as string | undefined)?.toLowerCase();
    const id = requestedId ?? sequentialGuid(version, this.#context.idSource);
    const { sql, columns, defaults } = this.#insertStatement(table);
    const defaultValues = createDefaultValues(actor, this.#context);
    const values = {
      ...buildNewRow(table, { requested, columns: defaults }, defaultValues),
      [table.primaryId]: id,
    };
    const boundValues: SqlValue[] = [];
    for (const { attribute, empty } of columns) {
      const value = values[attribute.logicalName] ?? null;
      if (attribute.logicalName === 'versionnumber') boundValues.push(version);
      else boundValues.push(...(value === null ? empty : toSqlValues(attribute, value)));
    }
    const row = this.#write(table, () => this.#context.database.insert(sql, boundValues));
    if (isLargeAt(row)) this.#context.database.executeSchema(createIndexesSql(table));
    return id;
  }

  /** Updates columns of a row. Throws 412 when the row does not have the expected version. */
  update(
    name: string,
    id: string,
    change: { readonly values: ColumnValues; readonly actor: Actor; readonly expected?: string | undefined },
  ): void {
    const table = this.#requireTable(name);
    const before = this.#requireVersion(table, id, change.expected);
    checkValues(table, change.values, this.#context);
    if (Object.keys(change.values).length === 0) return;
    const defaultValues = createDefaultValues(change.actor, this.#context);
    const columns = this.#sqlColumns(
      table,
      buildRowChanges(table, before.values, change.values, defaultValues),
    );
    const sets = columns.map(([column]) => `${column} = ?`).join(', ');
    const where = `${quoteIdentifier(table.primaryId)} = ?`;
    const values = [...columns.map(([, value]) => value), before.id];
    const sql = `UPDATE ${quoteIdentifier(name)} SET ${sets} WHERE ${where}`;
    this.#write(table, () => this.#context.database.run(sql, values));
  }

  /** Deletes a row and its dependent rows. Throws 412 when the row does not have the expected version. */
  delete(name: string, id: string, expected?: string): void {
    const table = this.#requireTable(name);
    const row = this.#requireVersion(table, id, expected);
    cascadeDelete(table, row.id, this.#context);
  }

  /** The INSERT statement of a table, created once. */
  #insertStatement(table: TableModel): InsertStatement {
    const cached = this.#inserts.get(table);
    if (cached) return cached;
    const attributes = table.attributes.filter(({ logicalName }) => !isComputedColumn(table, logicalName));
    const columns = attributes.map((attribute) => ({ attribute, empty: toSqlValues(attribute, null) }));
    const names = attributes.flatMap(sqlColumns).map(([name]) => name);
    const placeholders = names.map(() => '?');
    const sql = `INSERT INTO ${quoteIdentifier(table.logicalName)} (${names.join(', ')}) VALUES (${placeholders.join(', ')})`;
    const statement = { sql, columns, defaults: columnDefaults(table) };
    this.#inserts.set(table, statement);
    return statement;
  }

  #requireTable(name: string): TableModel {
    const table = requireTable(this.#context.model, name);
    if (table.view || table.intersect) {
      throw new DataverseError(400, '0x80040800', `The method does not support entities of type '${name}'.`);
    }
    return table;
  }

  #requireVersion(table: TableModel, id: string, expected: string | undefined): StoredRow {
    const row = this.#context.read(table, id);
    if (!row) throw rowNotFound(table, id);
    if (expected !== undefined && expected !== row.version) throw versionMismatch();
    return row;
  }

  /** The SQL columns and values of an update, with the next row version. */
  #sqlColumns(table: TableModel, values: ColumnValues): [string, SqlValue][] {
    const columns = Object.entries(values).flatMap(([name, value]) => {
      const attribute = this.#context.model.attribute(table, name);
      if (!attribute || name === 'versionnumber') return [];
      const sqlValues = toSqlValues(attribute, value);
      return sqlColumns(attribute).map(([column], index): [string, SqlValue] => [
        column,
        sqlValues[index] ?? null,
      ]);
    });
    return [...columns, ['"versionnumber"', this.#context.nextVersion()]];
  }

  #write<T>(table: TableModel, write: () => T): T {
    try {
      return write();
    } catch (error) {
      const violated = findUniqueViolation(error);
      if (violated === undefined) throw error;
      if (violated === `${table.logicalName}.${table.primaryId}`) {
        throw new DataverseError(412, '0x80040237', 'Cannot insert duplicate key.');
      }
      const key = findViolatedKey(table, violated);
      throw key ? keyViolated(table, key) : duplicateKey();
    }
  }
}

/** The key of a violated index. SQLite names an index with expressions, and otherwise the columns of the index. */
function findViolatedKey(table: TableModel, violated: string): AlternateKey | undefined {
  const columnsOf = (key: AlternateKey) => key.columns.map((column) => `${table.logicalName}.${column}`);
  return table.keys.find(
    (key) =>
      violated === `index '${table.logicalName}!${key.logicalName}'` ||
      violated === columnsOf(key).join(', '),
  );
}
