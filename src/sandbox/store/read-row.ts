import { isLookup } from '../model/attribute.ts';
import type { Model, TableModel } from '../model/types.ts';
import { comparing } from './columns.ts';
import { type Database, quote } from './database.ts';
import { Compilation } from './query/compilation.ts';
import { comparableText } from './query/literal.ts';
import { planToRead, toRow } from './query/read-rows.ts';
import { badArgument, badQuery } from './refusal.ts';
import type { Row, Values } from './types.ts';

/** What reading one row needs. */
interface Reading {
  readonly database: Database;
  readonly model: Model;
}

const alias = 't1';

function readWhere(
  table: TableModel,
  condition: string,
  values: readonly (string | number | bigint | null)[],
  reading: Reading,
) {
  const plan = planToRead(reading.model, { table, attributes: table.attributes, alias });
  const sql = `SELECT ${plan.sql} FROM ${quote(table.logicalName)} AS ${alias} WHERE ${condition}`;
  const raw = reading.database.get(sql, values);
  return raw && toRow(plan, raw);
}

/** One row with every column. */
export const readById = (table: TableModel, id: string, reading: Reading): Row | undefined =>
  readWhere(table, `${alias}.${quote(table.primaryId)} = ?1`, [id.toLowerCase()], reading);

/** One row by the columns of an alternate key, or of the primary one. */
export function readByKey(table: TableModel, key: Values, reading: Reading): Row | undefined {
  const names = Object.keys(key).sort();
  const declared = [[table.primaryId], ...table.keys.map(({ columns }) => [...columns].sort())];
  if (!declared.some((columns) => columns.join() === names.join())) {
    const type = `'Microsoft.Dynamics.CRM.${table.logicalName}'`;
    throw badQuery(
      `The key in the request URI is not valid for resource ${type}. Ensure that the names and number of key properties match the declared or alternate key properties for the resource ${type}.`,
    );
  }
  const compilation = new Compilation(reading.model, { userId: '' }, 0);
  const conditions = names.map((name) => {
    const attribute = reading.model.attribute(table, name)!;
    const given = key[name] ?? null;
    const text = given !== null && typeof given === 'object' ? given.id : `${given}`;
    const value = given === null ? null : comparableText(text, attribute);
    if (value === undefined) {
      throw badArgument(
        `The value does not fit the key column '${name}' of type ${isLookup(attribute) ? 'Lookup' : attribute.type}.`,
      );
    }
    return value === null
      ? `${comparing(attribute, alias)} IS NULL`
      : `${comparing(attribute, alias)} = ${compilation.bind(value)}`;
  });
  return readWhere(table, conditions.join(' AND '), compilation.values, reading);
}
