import type { Attribute, Model, TableModel } from '../../model/types.ts';
import { quoteIdentifier, type SqlRow } from '../database.ts';
import { propertyNotFound } from '../errors.ts';
import { type ColumnReader, createColumnReader } from '../sql-columns.ts';
import type { ColumnValue, StoredRow } from '../types.ts';

type PlannedColumn = readonly [name: string, reading: ColumnReader];

/** Which columns of a table a query reads, and how. */
export interface ReadPlan {
  readonly table: TableModel;
  readonly columns: readonly PlannedColumn[];
  /** Those of the columns that SQL does not finish. */
  readonly decoding: readonly PlannedColumn[];
  /** `t1."title" AS "title", ...` */
  readonly sql: string;
}

/** The attributes that `$select` names; a lookup may also be named by its navigation. All of them without a select. */
export function selectAttributes(
  model: Model,
  table: TableModel,
  select?: readonly string[],
): readonly Attribute[] {
  if (!select || select.includes('*')) return table.attributes;
  return select.map((name) => {
    const navigation = model.navigation(table, name);
    const lookup = navigation?.kind === 'lookup' ? navigation.attribute : undefined;
    const attribute = model.property(table, name) ?? lookup;
    if (!attribute) throw propertyNotFound(name, table);
    return attribute;
  });
}

/** Plans to read these columns; the key and the row version always come along. */
export function planRead(
  model: Model,
  { table, attributes, alias }: { table: TableModel; attributes: readonly Attribute[]; alias: string },
): ReadPlan {
  const always = [table.primaryId, 'versionnumber'].map((name) => model.attribute(table, name)!);
  const wanted = new Set([...always.filter(Boolean), ...attributes]);
  const columns = [...wanted].map(
    (attribute) => [attribute.logicalName, createColumnReader(attribute, alias)] as const,
  );
  const origin = table.view ? [`${alias}."$table" AS "$table"`] : [];
  const sql = [...columns.map(([name, { sql }]) => `${sql} AS ${quoteIdentifier(name)}`), ...origin].join(
    ', ',
  );
  return { table, columns, decoding: columns.filter(([, { decode }]) => decode), sql };
}

/** Makes a row of what SQLite gave; `raw` is used up. */
export function toStoredRow(plan: ReadPlan, raw: SqlRow): StoredRow {
  const values = raw as Record<string, ColumnValue>;
  for (const [name, { decode }] of plan.decoding) {
    const value = raw[name];
    if (value !== null && value !== undefined) values[name] = decode!(value);
  }
  const table = (raw.$table as string | undefined) ?? plan.table.logicalName;
  if (plan.table.view) delete raw.$table;
  return {
    table,
    id: raw[plan.table.primaryId] as string,
    version: (raw.versionnumber as string | undefined) ?? '0',
    values,
  };
}
