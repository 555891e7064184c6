import type { AggregateItem, ApplyStep } from 'dynamics365-connector/odata';
import { isText, scaleOf } from '../../model/attribute.ts';
import type { Attribute, TableModel } from '../../model/types.ts';
import { type Reading, reading } from '../columns.ts';
import type { SqlRow, SqlValue } from '../database.ts';
import { fromUnits } from '../decimal.ts';
import { badQuery, StoreRefusal } from '../refusal.ts';
import type { AggregateColumn, AggregateRequest, AggregateResult, Value } from '../types.ts';
import type { Expanding } from './expand.ts';
import { condition } from './filter.ts';
import { matching, where } from './run-query.ts';
import type { Column, Scope } from './scope.ts';

/** Dataverse aggregates no more rows than this. */
const mostSourceRows = 50_000;

/** One column of the result: how it is made, and what it groups by. */
export interface Measure extends AggregateColumn {
  readonly sql: string;
  readonly decode?: Reading['decode'] | undefined;
  readonly groupBy?: string;
}

export type Method = Exclude<AggregateItem['method'], 'count'> | 'countcolumn';

/** A column that the result is grouped by. */
export function grouping(name: string, { attribute, alias, sql }: Column): Measure {
  const read = reading(attribute, alias);
  return { name, attribute, sql: read.sql, decode: read.decode, groupBy: isText(attribute) ? sql : read.sql };
}

/** A column over all rows of a group. */
export function measure(name: string, method: Method, column: Column): Measure {
  const { attribute, sql } = column;
  if (method === 'countcolumn') return { name, sql: `count(${sql})` };
  if (method === 'countdistinct') return { name, sql: `count(DISTINCT ${sql})` };
  if (method === 'min' || method === 'max') return extreme(name, method, column);
  if (!isNumeric(attribute)) {
    throw badQuery(`The column '${attribute.logicalName}' of type ${attribute.type} has no ${method}.`);
  }
  const total = method === 'sum' ? `sum(${sql})` : average(attribute, sql);
  return { name, attribute, ...amount(attribute, total) };
}

export const countAll = (name: string): Measure => ({ name, sql: 'count(*)' });

const isNumeric = ({ type }: Attribute): boolean =>
  ['Integer', 'BigInt', 'Decimal', 'Double', 'Money'].includes(type);

/** Amounts are kept as whole numbers; their average is rounded to the last digit kept. */
const average = ({ type }: Attribute, sql: string): string =>
  type === 'Double' ? `avg(${sql})` : `CAST(round(avg(${sql})) AS INTEGER)`;

function amount(attribute: Attribute, sql: string): Pick<Measure, 'sql' | 'decode'> {
  switch (attribute.type) {
    case 'Decimal':
    case 'Money':
      return {
        sql: `CAST(${sql} AS TEXT)`,
        decode: (raw: SqlValue) => fromUnits(raw as string, scaleOf(attribute)),
      };
    case 'BigInt':
      return { sql: `CAST(${sql} AS TEXT)` };
    default:
      return { sql };
  }
}

function extreme(name: string, method: 'min' | 'max', { attribute, alias, sql }: Column): Measure {
  if (isNumeric(attribute)) return { name, attribute, ...amount(attribute, `${method}(${sql})`) };
  const { decode } = reading(attribute, alias);
  const value = `${method}(${sql})`;
  const moment = attribute.type === 'DateTime' && !attribute.dateOnly;
  return { name, attribute, sql: moment ? `(${value} || 'Z')` : value, decode };
}

/** `$apply`: filters, then one grouping or one aggregate over all. */
export function runAggregate(
  table: TableModel,
  request: AggregateRequest,
  context: Expanding,
): AggregateResult {
  const { compilation, scope, conditions } = matching(table, request, context);
  const filters = request.apply.filter((step) => step.kind === 'filter');
  const summaries = request.apply.filter((step) => step.kind !== 'filter');
  if (summaries.length > 1) throw badQuery('Only one groupby or aggregate is supported in $apply.');
  for (const { filter } of filters) conditions.push(condition(filter, scope));
  const measures = summaries.flatMap((step) => measuresOf(step, scope));
  const order = orderOf(request, measures);
  const source = `${scope.from()}${where(conditions)}`;
  refuseTooMany(source, compilation.values, context);
  const limit = request.top === undefined ? '' : ` LIMIT ${compilation.bind(Math.max(0, request.top))}`;
  return summarise({ measures, source, after: `${order}${limit}`, values: compilation.values }, context);
}

function measuresOf(step: Exclude<ApplyStep, { kind: 'filter' }>, scope: Scope): readonly Measure[] {
  const items = step.kind === 'aggregate' ? step.items : (step.aggregate ?? []);
  const groups = step.kind === 'aggregate' ? [] : step.paths;
  return [
    ...groups.map(({ segments }) => groupingOf(segments, scope)),
    ...items.map((item) =>
      item.method === 'count'
        ? countAll(item.as)
        : measure(item.as, item.method, scope.column(item.path.segments)),
    ),
  ];
}

/** A column of a related row is answered under its table's name: `contact_fullname` of `primarycontactid/fullname`. */
function groupingOf(segments: readonly string[], scope: Scope): Measure {
  const column = scope.column(segments);
  const { attribute, table } = column;
  if (attribute.type === 'DateTime') throw badQuery('The groupby of a date and time is not supported.');
  const own = segments.length === 1;
  return grouping(own ? segments[0]! : `${table.logicalName}_${attribute.logicalName}`, column);
}

function orderOf({ apply, orderBy = [] }: AggregateRequest, measures: readonly Measure[]): string {
  const grouped = measures.flatMap(({ groupBy }) => (groupBy ? [groupBy] : []));
  const paths = apply.flatMap((step) => (step.kind === 'groupby' ? step.paths : []));
  const asked = orderBy.map(({ path, direction }) => {
    const key = grouped[paths.findIndex(({ segments }) => segments.join('/') === path.segments.join('/'))];
    if (!key) throw badQuery('The query node SingleValueOpenPropertyAccess is not supported.');
    return direction === 'desc' ? `${key} DESC` : key;
  });
  const keys = [...asked, ...grouped];
  return keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
}

/** More rows than Dataverse aggregates are refused before any work is done. */
export function refuseTooMany(source: string, values: readonly SqlValue[], { database }: Expanding): void {
  const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM ${source} LIMIT ${mostSourceRows + 1})`;
  if ((database.get(sql, values)!.n as number) <= mostSourceRows) return;
  throw new StoreRefusal(
    '0x8004e023',
    400,
    'The maximum record limit is exceeded. Reduce the number of records.',
  );
}

/** Runs the measures over their source. */
export function summarise(
  query: {
    readonly measures: readonly Measure[];
    readonly source: string;
    readonly after: string;
    readonly values: readonly SqlValue[];
  },
  { database }: Expanding,
): AggregateResult {
  const { measures, source, after, values } = query;
  const groups = measures.flatMap(({ groupBy }) => (groupBy ? [groupBy] : []));
  const groupBy = groups.length > 0 ? ` GROUP BY ${groups.join(', ')}` : '';
  const columns = measures.map(({ sql }, index) => `${sql} AS "m${index}"`).join(', ') || '1';
  const raw = database.all(`SELECT ${columns} FROM ${source}${groupBy}${after}`, values);
  return {
    columns: measures.map(({ name, attribute }) => ({ name, ...(attribute && { attribute }) })),
    rows: raw.map((row) => valuesOf(row, measures)),
  };
}

const valuesOf = (row: SqlRow, measures: readonly Measure[]): Record<string, Value> =>
  Object.fromEntries(
    measures.map(({ name, decode }, index) => {
      const value = row[`m${index}`] as string | number | null;
      return [name, value !== null && decode ? decode(value) : value];
    }),
  );
