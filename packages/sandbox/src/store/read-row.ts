import type { Attribute, Model, TableModel } from '../model/types.ts';
import { comparing } from './columns.ts';
import { type Database, quote, type SqlValue } from './database.ts';
import { Compilation } from './query/compilation.ts';
import { comparableText } from './query/literal.ts';
import { planToRead, type ReadPlan, toRow } from './query/read-rows.ts';
import { badArgument, badQuery } from './refusal.ts';
import type { Row, Value, Values } from './types.ts';

/** What reading one row needs. */
interface Reading {
  readonly database: Database;
  readonly model: Model;
}

const alias = 't1';

/** Reads whole rows; the statement of each table is put together once. */
export class RowReader {
  readonly #reading: Reading;
  readonly #plans = new WeakMap<TableModel, ReadPlan>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** One row with every column. */
  byId(table: TableModel, id: string): Row | undefined {
    return this.#where(table, `${alias}.${quote(table.primaryId)} = ?1`, [id.toLowerCase()]);
  }

  /** One row by the columns of an alternate key, or of the primary one. */
  byKey(table: TableModel, key: Values): Row | undefined {
    const { model } = this.#reading;
    checkKey(table, Object.keys(key));
    const compilation = new Compilation(model, { userId: '' }, 0);
    const conditions = Object.entries(key).map(([name, value]) =>
      keyCondition(model.attribute(table, name)!, value, compilation),
    );
    return this.#where(table, conditions.join(' AND '), compilation.values);
  }

  #where(table: TableModel, condition: string, values: readonly SqlValue[]): Row | undefined {
    const plan = this.#planOf(table);
    const sql = `SELECT ${plan.sql} FROM ${quote(table.logicalName)} AS ${alias} WHERE ${condition}`;
    const raw = this.#reading.database.get(sql, values);
    return raw && toRow(plan, raw);
  }

  #planOf(table: TableModel): ReadPlan {
    const known = this.#plans.get(table);
    if (known) return known;
    const plan = planToRead(this.#reading.model, { table, attributes: table.attributes, alias });
    this.#plans.set(table, plan);
    return plan;
  }
}

function checkKey(table: TableModel, names: readonly string[]): void {
  const sorted = (columns: readonly string[]) => [...columns].sort().join();
  const declared = [[table.primaryId], ...table.keys.map(({ columns }) => columns)];
  if (declared.some((columns) => sorted(columns) === sorted(names))) return;
  const type = `'Microsoft.Dynamics.CRM.${table.logicalName}'`;
  throw badQuery(
    `The key in the request URI is not valid for resource ${type}. Ensure that the names and number of key properties match the declared or alternate key properties for the resource ${type}.`,
  );
}

function keyCondition(attribute: Attribute, given: Value, compilation: Compilation): string {
  const column = comparing(attribute, alias);
  if (given === null) return `${column} IS NULL`;
  const value = comparableText(typeof given === 'object' ? given.id : `${given}`, attribute);
  if (value !== undefined) return `${column} = ${compilation.bind(value)}`;
  const { logicalName, type } = attribute;
  throw badArgument(`The value does not fit the key column '${logicalName}' of type ${type}.`);
}
