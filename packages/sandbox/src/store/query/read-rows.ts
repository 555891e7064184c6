import type { Attribute, Model, TableModel } from '../../model/types.ts';
import { quoteIdentifier, type SqlRow } from '../database.ts';
import { propertyNotFound } from '../errors.ts';
import { type ColumnReader, createColumnReader } from '../sql-columns.ts';
import type { ColumnValue, StoredRow } from '../types.ts';

type PlannedColumn = readonly [name: string, reader: ColumnReader];

/** The columns that a query reads from a table. */
export interface ReadPlan {
  readonly table: TableModel;
  readonly columns: readonly PlannedColumn[];
  /** The columns whose values must be decoded after reading. */
  readonly decoding: readonly PlannedColumn[];
  /** `t1."title" AS "title", ...` */
  readonly sql: string;
}

/** The columns of a `$select`. A lookup can also be given by its navigation property. Without `$select`: all columns. */
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

/** Plans to read these columns, the primary key and the row version. */
export function planRead(
  model: Model,
  { table, attributes, alias }: { table: TableModel; attributes: readonly Attribute[]; alias: string },
): ReadPlan {
  const required = [table.primaryId, 'versionnumber'].flatMap((name) => model.attribute(table, name) ?? []);
  const columns = [...new Set([...required, ...attributes])].map(
    (attribute) => [attribute.logicalName, createColumnReader(attribute, alias)] as const,
  );
  const origin = table.view ? [`${alias}."$table" AS "$table"`] : [];
  const sql = [...columns.map(([name, { sql }]) => `${sql} AS ${quoteIdentifier(name)}`), ...origin].join(
    ', ',
  );
  return { table, columns, decoding: columns.filter(([, { decode }]) => decode), sql };
}

/** Converts a row from SQLite; `raw` is modified. */
export function toStoredRow(plan: ReadPlan, raw: SqlRow): StoredRow {
  const values = raw as Record<string, ColumnValue>;
  for (const [name, { decode }] of plan.decoding) {
    const value = raw[name];
    if (decode && value !== null && value !== undefined) values[name] = decode(value);
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
