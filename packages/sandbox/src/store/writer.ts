import type { Attribute, TableModel } from '../model/types.ts';
import { checkValues, isDerived } from './check-values.ts';
import { sqlColumns, toSql } from './columns.ts';
import { quote, type SqlValue, uniqueViolation } from './database.ts';
import { fillingFor, type Sources } from './filling.ts';
import { changedRow, newRow } from './new-row.ts';
import { noRow, noTable, StoreRefusal, versionMismatch } from './refusal.ts';
import { removeRow } from './remove-row.ts';
import type { Actor, Row, Values } from './types.ts';

/** What writing needs from the store around it. */
export interface Writing extends Sources {
  readonly newId: () => string;
  /** The next row version of the organisation. */
  readonly nextVersion: () => bigint;
  readonly read: (table: TableModel, id: string) => Row | undefined;
}

/** A statement that takes the values of these columns in their order. */
interface Insert {
  readonly sql: string;
  /** `empty`: what stands for a column without a value. */
  readonly columns: readonly { readonly attribute: Attribute; readonly empty: readonly SqlValue[] }[];
}

/** Inserts, changes and removes rows; the caller sees to the transaction. */
export class Writer {
  readonly #world: Writing;
  readonly #inserts = new WeakMap<TableModel, Insert>();

  constructor(world: Writing) {
    this.#world = world;
  }

  /** Adds a row and answers its id. */
  insert(name: string, given: Values, actor: Actor): string {
    const table = this.#table(name);
    checkValues(table, given, this.#world);
    const id = (given[table.primaryId] as string | undefined)?.toLowerCase() ?? this.#world.newId();
    const values = { ...newRow(table, given, fillingFor(actor, this.#world)), [table.primaryId]: id };
    const { sql, columns } = this.#insertInto(table);
    const version = this.#world.nextVersion();
    const bound = columns.flatMap(({ attribute, empty }) => {
      if (attribute.logicalName === 'versionnumber') return version;
      const value = values[attribute.logicalName] ?? null;
      return value === null ? empty : toSql(attribute, value);
    });
    this.#write(table, sql, bound);
    return id;
  }

  /** Changes columns of a row, if it still has the expected version. */
  update(
    name: string,
    id: string,
    change: { readonly values: Values; readonly actor: Actor; readonly expected?: string | undefined },
  ): void {
    const table = this.#table(name);
    const before = this.#expect(table, id, change.expected);
    checkValues(table, change.values, this.#world);
    if (Object.keys(change.values).length === 0) return;
    const filling = fillingFor(change.actor, this.#world);
    const columns = this.#columns(table, changedRow(table, before.values, change.values, filling));
    const sets = columns.map(([column]) => `${column} = ?`).join(', ');
    const where = `${quote(table.primaryId)} = ?`;
    const values = [...columns.map(([, value]) => value), before.id];
    this.#write(table, `UPDATE ${quote(name)} SET ${sets} WHERE ${where}`, values);
  }

  /** Removes a row, if it still has the expected version, and what belongs to it. */
  delete(name: string, id: string, expected?: string): void {
    const table = this.#table(name);
    const row = this.#expect(table, id, expected);
    removeRow(table, row.id, this.#world);
  }

  /** INSERT with every column of a table, put together once. */
  #insertInto(table: TableModel): Insert {
    const known = this.#inserts.get(table);
    if (known) return known;
    const attributes = table.attributes.filter(({ logicalName }) => !isDerived(table, logicalName));
    const columns = attributes.map((attribute) => ({ attribute, empty: toSql(attribute, null) }));
    const names = attributes.flatMap(sqlColumns).map(([name]) => name);
    const places = names.map(() => '?');
    const sql = `INSERT INTO ${quote(table.logicalName)} (${names.join(', ')}) VALUES (${places.join(', ')})`;
    this.#inserts.set(table, { sql, columns });
    return { sql, columns };
  }

  #table(name: string): TableModel {
    const table = this.#world.model.table(name);
    if (!table) throw noTable(name);
    if (table.view) {
      throw new StoreRefusal('0x80040800', 400, `The method does not support entities of type '${name}'.`);
    }
    return table;
  }

  #expect(table: TableModel, id: string, expected: string | undefined): Row {
    const row = this.#world.read(table, id);
    if (!row) throw noRow(table, id);
    if (expected !== undefined && expected !== row.version) throw versionMismatch();
    return row;
  }

  /** SQL columns with their values, and the next version. */
  #columns(table: TableModel, values: Values): [string, SqlValue][] {
    const columns = Object.entries(values).flatMap(([name, value]) => {
      if (name === 'versionnumber') return [];
      const attribute = this.#world.model.attribute(table, name)!;
      const sql = toSql(attribute, value);
      return sqlColumns(attribute).map(([column], index): [string, SqlValue] => [column, sql[index]!]);
    });
    return [...columns, ['"versionnumber"', this.#world.nextVersion()]];
  }

  #write(table: TableModel, sql: string, values: readonly SqlValue[]): void {
    try {
      this.#world.database.run(sql, values);
    } catch (error) {
      const violated = uniqueViolation(error);
      if (violated === undefined) throw error;
      throw violated === `${table.logicalName}.${table.primaryId}`
        ? new StoreRefusal('0x80040237', 412, 'Cannot insert duplicate key.')
        : new StoreRefusal('0x80060892', 412, 'A record with matching key values already exists.');
    }
  }
}
