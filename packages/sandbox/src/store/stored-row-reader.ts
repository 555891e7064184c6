import type { Attribute, TableModel } from '../model/types.ts';
import { quoteIdentifier, type SqlValue, type StoreContext } from './database.ts';
import { invalidArgument, invalidKey } from './errors.ts';
import { toComparableValue } from './query/comparable-value.ts';
import { QueryCompilation } from './query/compilation.ts';
import { planRead, type ReadPlan, toStoredRow } from './query/read-rows.ts';
import { comparableSql } from './sql-columns.ts';
import type { ColumnValue, ColumnValues, StoredRow } from './types.ts';

const alias = 't1';

/** A statement up to its condition, and the one for the row of an id. */
interface Select {
  readonly plan: ReadPlan;
  readonly where: string;
  readonly byId: string;
}

/** Reads rows with all columns. The statement of each table is created once. */
export class StoredRowReader {
  readonly #context: StoreContext;
  readonly #selects = new WeakMap<TableModel, Select>();

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** Reads a row by its primary key. */
  byId(table: TableModel, id: string): StoredRow | undefined {
    const { plan, byId } = this.#selectFrom(table);
    return this.#read(plan, byId, [id.toLowerCase()]);
  }

  /** Reads a row by the columns of an alternate key or of the primary key. */
  byKey(table: TableModel, key: ColumnValues): StoredRow | undefined {
    const { model } = this.#context;
    checkKey(table, Object.keys(key));
    const compilation = new QueryCompilation(model, { userId: '' }, 0);
    const conditions = Object.entries(key).map(([name, value]) => {
      const attribute = model.attribute(table, name);
      if (!attribute) throw invalidKey(table);
      return keyCondition(attribute, value, compilation);
    });
    const { plan, where } = this.#selectFrom(table);
    return this.#read(plan, `${where}${conditions.join(' AND ')}`, compilation.values);
  }

  #read(plan: ReadPlan, sql: string, values: readonly SqlValue[]): StoredRow | undefined {
    const raw = this.#context.database.get(sql, values);
    return raw && toStoredRow(plan, raw);
  }

  #selectFrom(table: TableModel): Select {
    const cached = this.#selects.get(table);
    if (cached) return cached;
    const plan = planRead(this.#context.model, { table, attributes: table.attributes, alias });
    const where = `SELECT ${plan.sql} FROM ${quoteIdentifier(table.logicalName)} AS ${alias} WHERE `;
    const select = { plan, where, byId: `${where}${alias}.${quoteIdentifier(table.primaryId)} = ?` };
    this.#selects.set(table, select);
    return select;
  }
}

function checkKey(table: TableModel, names: readonly string[]): void {
  const sorted = (columns: readonly string[]) => [...columns].sort().join();
  const declared = [
    [table.primaryId],
    ...table.keys.filter(({ failed }) => !failed).map(({ columns }) => columns),
  ];
  if (declared.some((columns) => sorted(columns) === sorted(names))) return;
  throw invalidKey(table);
}

function keyCondition(attribute: Attribute, keyValue: ColumnValue, compilation: QueryCompilation): string {
  const column = comparableSql(attribute, alias);
  if (keyValue === null) return `${column} IS NULL`;
  const value = toComparableValue(typeof keyValue === 'object' ? keyValue.id : `${keyValue}`, attribute);
  if (value !== undefined) return `${column} = ${compilation.bind(value)}`;
  const { logicalName, type } = attribute;
  throw invalidArgument(`The value does not fit the key column '${logicalName}' of type ${type}.`);
}
