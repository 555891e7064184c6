import type { Attribute, Model, TableModel } from '../model/types.ts';
import { type Database, quoteIdentifier, type SqlValue } from './database.ts';
import { invalidArgument, invalidQuery } from './errors.ts';
import { toComparableValue } from './query/comparable-value.ts';
import { QueryCompilation } from './query/compilation.ts';
import { planRead, type ReadPlan, toStoredRow } from './query/read-rows.ts';
import { comparableSql } from './sql-columns.ts';
import type { ColumnValue, ColumnValues, StoredRow } from './types.ts';

/** What reading one row needs. */
interface RowReadContext {
  readonly database: Database;
  readonly model: Model;
}

const alias = 't1';

/** Reads whole rows; the statement of each table is put together once. */
export class StoredRowReader {
  readonly #context: RowReadContext;
  readonly #plans = new WeakMap<TableModel, ReadPlan>();

  constructor(context: RowReadContext) {
    this.#context = context;
  }

  /** One row with every column. */
  byId(table: TableModel, id: string): StoredRow | undefined {
    return this.#where(table, `${alias}.${quoteIdentifier(table.primaryId)} = ?1`, [id.toLowerCase()]);
  }

  /** One row by the columns of an alternate key, or of the primary one. */
  byKey(table: TableModel, key: ColumnValues): StoredRow | undefined {
    const { model } = this.#context;
    checkKey(table, Object.keys(key));
    const compilation = new QueryCompilation(model, { userId: '' }, 0);
    const conditions = Object.entries(key).map(([name, value]) =>
      keyCondition(model.attribute(table, name)!, value, compilation),
    );
    return this.#where(table, conditions.join(' AND '), compilation.values);
  }

  #where(table: TableModel, condition: string, values: readonly SqlValue[]): StoredRow | undefined {
    const plan = this.#planFor(table);
    const sql = `SELECT ${plan.sql} FROM ${quoteIdentifier(table.logicalName)} AS ${alias} WHERE ${condition}`;
    const raw = this.#context.database.get(sql, values);
    return raw && toStoredRow(plan, raw);
  }

  #planFor(table: TableModel): ReadPlan {
    const cached = this.#plans.get(table);
    if (cached) return cached;
    const plan = planRead(this.#context.model, { table, attributes: table.attributes, alias });
    this.#plans.set(table, plan);
    return plan;
  }
}

function checkKey(table: TableModel, names: readonly string[]): void {
  const sorted = (columns: readonly string[]) => [...columns].sort().join();
  const declared = [[table.primaryId], ...table.keys.map(({ columns }) => columns)];
  if (declared.some((columns) => sorted(columns) === sorted(names))) return;
  const type = `'Microsoft.Dynamics.CRM.${table.logicalName}'`;
  throw invalidQuery(
    `The key in the request URI is not valid for resource ${type}. Ensure that the names and number of key properties match the declared or alternate key properties for the resource ${type}.`,
  );
}

function keyCondition(attribute: Attribute, keyValue: ColumnValue, compilation: QueryCompilation): string {
  const column = comparableSql(attribute, alias);
  if (keyValue === null) return `${column} IS NULL`;
  const value = toComparableValue(typeof keyValue === 'object' ? keyValue.id : `${keyValue}`, attribute);
  if (value !== undefined) return `${column} = ${compilation.bind(value)}`;
  const { logicalName, type } = attribute;
  throw invalidArgument(`The value does not fit the key column '${logicalName}' of type ${type}.`);
}
