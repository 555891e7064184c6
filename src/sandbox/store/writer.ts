import { isLookup } from '../model/attribute.ts';
import { lookupsTo } from '../model/create-model.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';
import { sqlColumns, toSql } from './columns.ts';
import { type Database, quote, type SqlValue, uniqueViolation } from './database.ts';
import { fromMillis } from './moment.ts';
import { changedRow, type Filling, newRow } from './new-row.ts';
import { badArgument, noRow, noTable, StoreRefusal, versionMismatch } from './refusal.ts';
import type { Actor, Reference, Row, Values } from './types.ts';

/** What writing needs from the store around it. */
export interface Writing {
  readonly database: Database;
  readonly model: Model;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** The next row version of the organisation. */
  readonly nextVersion: () => bigint;
  readonly ticketNumber: () => string;
  readonly read: (table: TableModel, id: string) => Row | undefined;
}

/** A statement that takes the values of these columns in their order. */
interface Insert {
  readonly sql: string;
  /** `empty`: what stands for a column without a value. */
  readonly columns: readonly { readonly attribute: Attribute; readonly empty: readonly SqlValue[] }[];
}

/** A principal's `ownerid` is its own id: nobody writes it. */
const isDerived = (table: TableModel, name: string): boolean =>
  table.base === 'principal' && name === 'ownerid';

/** Inserts, changes and removes rows; each in a transaction of its own or in the one under way. */
export class Writer {
  readonly #world: Writing;
  readonly #inserts = new WeakMap<TableModel, Insert>();

  constructor(world: Writing) {
    this.#world = world;
  }

  /** Adds a row and answers its id. */
  insert(name: string, given: Values, actor: Actor): string {
    const table = this.#table(name);
    this.#checkColumns(table, given);
    this.#checkReferences(table, given);
    const id = (given[table.primaryId] as string | undefined)?.toLowerCase() ?? this.#world.newId();
    const values = { ...newRow(table, given, this.#filling(actor)), [table.primaryId]: id };
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
    this.#checkColumns(table, change.values);
    this.#checkReferences(table, change.values);
    if (Object.keys(change.values).length === 0) return;
    const values = changedRow(table, before.values, change.values, this.#filling(change.actor));
    const columns = this.#columns(table, values);
    const sets = columns.map(([column], index) => `${column} = ?${index + 1}`).join(', ');
    const where = `${quote(table.primaryId)} = ?${columns.length + 1}`;
    this.#write(table, `UPDATE ${quote(name)} SET ${sets} WHERE ${where}`, [
      ...columns.map(([, value]) => value),
      before.id,
    ]);
  }

  /** Removes a row, what belongs to it, and every lookup to it; notes the deletion. */
  delete(name: string, id: string, expected?: string): void {
    const table = this.#table(name);
    const row = this.#expect(table, id, expected);
    const { database, model, nextVersion } = this.#world;
    database.transaction(() => {
      database.run(`DELETE FROM ${quote(name)} WHERE ${quote(table.primaryId)} = ?1`, [row.id]);
      database.run('INSERT INTO "$deleted" ("table", "version", "id") VALUES (?1, ?2, ?3)', [
        name,
        nextVersion(),
        row.id,
      ]);
      for (const { table: child, attribute } of lookupsTo(model, table))
        this.#release(child, attribute, row.id);
      for (const { intersect, ends } of model.manyToMany) {
        for (const end of ends.filter((each) => each.table === name)) {
          database.run(`DELETE FROM ${quote(intersect)} WHERE ${quote(end.column)} = ?1`, [row.id]);
        }
      }
    });
  }

  /** Children of a deleted row go with it, or lose their lookup. */
  #release(child: TableModel, attribute: Attribute, id: string): void {
    const { database, model, nextVersion } = this.#world;
    const [key, column] = [quote(child.primaryId), quote(attribute.logicalName)];
    const children = database
      .all(`SELECT ${key} AS id FROM ${quote(child.logicalName)} WHERE ${column} = ?1`, [id])
      .map((row) => row.id as string);
    const cascades = model.oneToMany.some(
      (each) =>
        each.onDelete === 'cascade' &&
        each.referencing === child.logicalName &&
        each.attribute === attribute.logicalName,
    );
    for (const childId of children) {
      if (cascades) this.delete(child.logicalName, childId);
      else {
        const cleared = sqlColumns(attribute).map(([name]) => `${name} = NULL`);
        const sql = `UPDATE ${quote(child.logicalName)} SET ${cleared}, "versionnumber" = ?1 WHERE ${key} = ?2`;
        database.run(sql, [nextVersion(), childId]);
      }
    }
  }

  /** INSERT with every column of a table, put together once. */
  #insertInto(table: TableModel): Insert {
    const known = this.#inserts.get(table);
    if (known) return known;
    const attributes = table.attributes.filter(({ logicalName }) => !isDerived(table, logicalName));
    const columns = attributes.map((attribute) => ({ attribute, empty: toSql(attribute, null) }));
    const names = attributes.flatMap(sqlColumns).map(([name]) => name);
    const places = names.map((_, index) => `?${index + 1}`);
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

  #checkColumns(table: TableModel, values: Values): void {
    for (const name of Object.keys(values)) {
      const attribute = this.#world.model.attribute(table, name);
      if (attribute && !isDerived(table, name)) continue;
      throw badArgument(`'${table.logicalName}' entity doesn't contain attribute with Name = '${name}'.`);
    }
  }

  /** A lookup must point at a row that exists, where its table is one of ours. */
  #checkReferences(table: TableModel, values: Values): void {
    const { model, database } = this.#world;
    for (const [name, value] of Object.entries(values)) {
      if (value === null || typeof value !== 'object' || !isLookup(model.attribute(table, name)!)) continue;
      const target = model.table(value.table);
      if (!target) continue;
      const key = quote(target.primaryId);
      const sql = `SELECT 1 FROM ${quote(target.logicalName)} WHERE ${key} = ?1`;
      if (!database.get(sql, [value.id.toLowerCase()])) throw noRow(target, value.id);
    }
  }

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

  #filling(actor: Actor): Filling {
    const { model, nowMs, ticketNumber, database } = this.#world;
    return {
      model,
      now: `${fromMillis(nowMs())}Z`,
      by: { table: 'systemuser', id: actor.userId.toLowerCase() },
      ticketNumber,
      businessUnitOf: (owner: Reference) => {
        const key = owner.table === 'team' ? '"teamid"' : '"systemuserid"';
        const sql = `SELECT "businessunitid" AS id FROM ${quote(owner.table)} WHERE ${key} = ?1`;
        const row = database.get(sql, [owner.id]);
        return row?.id ? { table: 'businessunit', id: row.id as string } : null;
      },
      baseCurrency: () => {
        const row = database.get('SELECT "basecurrencyid" AS id FROM "organization" LIMIT 1');
        return row?.id ? { table: 'transactioncurrency', id: row.id as string } : null;
      },
    };
  }
}
