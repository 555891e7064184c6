import type { Attribute, Model, TableModel } from '../../model/types.ts';
import { type Reading, reading } from '../columns.ts';
import { quote, type SqlRow } from '../database.ts';
import { noProperty } from '../refusal.ts';
import type { Row, Value } from '../types.ts';

type PlannedColumn = readonly [name: string, reading: Reading];

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
export function selected(model: Model, table: TableModel, select?: readonly string[]): readonly Attribute[] {
  if (!select || select.includes('*')) return table.attributes;
  return select.map((name) => {
    const navigation = model.navigation(table, name);
    const lookup = navigation?.kind === 'lookup' ? navigation.attribute : undefined;
    const attribute = model.property(table, name) ?? lookup;
    if (!attribute) throw noProperty(name, table);
    return attribute;
  });
}

/** Plans to read these columns; the key and the row version always come along. */
export function planToRead(
  model: Model,
  { table, attributes, alias }: { table: TableModel; attributes: readonly Attribute[]; alias: string },
): ReadPlan {
  const always = [table.primaryId, 'versionnumber'].map((name) => model.attribute(table, name)!);
  const wanted = new Set([...always.filter(Boolean), ...attributes]);
  const columns = [...wanted].map((attribute) => [attribute.logicalName, reading(attribute, alias)] as const);
  const origin = table.view ? [`${alias}."$table" AS "$table"`] : [];
  const sql = [...columns.map(([name, { sql }]) => `${sql} AS ${quote(name)}`), ...origin].join(', ');
  return { table, columns, decoding: columns.filter(([, { decode }]) => decode), sql };
}

/** Makes a row of what SQLite gave; `raw` is used up. */
export function toRow(plan: ReadPlan, raw: SqlRow): Row {
  const values = raw as Record<string, Value>;
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
