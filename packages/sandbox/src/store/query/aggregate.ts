import type { AggregateItem, ApplyStep } from 'dynamics365-connector/odata';
import { decimalScale, isText } from '../../model/attribute.ts';
import type { Attribute, TableModel } from '../../model/types.ts';
import type { SqlRow, SqlValue } from '../database.ts';
import { fromUnits } from '../decimal.ts';
import { DataverseError, invalidQuery } from '../errors.ts';
import { type ColumnReader, comparableSql } from '../sql-columns.ts';
import type { AggregateColumn, AggregateRequest, AggregateResult, ColumnValue } from '../types.ts';
import type { QueryContext } from './compilation.ts';
import { filterSql } from './filter.ts';
import { compileConditions, whereSql } from './run-query.ts';
import { columnReader, type ScopedColumn, type TableScope } from './scope.ts';

/** The maximum number of rows that Dataverse aggregates. */
const maxSourceRows = 50_000;

/** A column of the result: its SQL expression and, for a grouping, the expression it groups by. */
export interface Measure extends AggregateColumn {
  readonly sql: string;
  readonly decode?: ColumnReader['decode'] | undefined;
  readonly groupBy?: string;
  /** The formatted value, where it does not follow from the value. */
  readonly textSql?: string;
}

export type MeasureFunction = Exclude<AggregateItem['method'], 'count'> | 'countcolumn';

/** A column to group by. */
export function createGrouping(name: string, column: ScopedColumn): Measure {
  const { attribute, sql } = column;
  const read = columnReader(column);
  return { name, attribute, sql: read.sql, decode: read.decode, groupBy: isText(attribute) ? sql : read.sql };
}

/** An aggregate of a column over the rows of a group. Amounts are those in the base currency: rows differ in theirs. */
export function createMeasure(name: string, method: MeasureFunction, aggregated: ScopedColumn): Measure {
  const column = toBaseAmount(aggregated);
  const { attribute, sql } = column;
  if (method === 'countcolumn') return { name, sql: `count(${sql})` };
  if (method === 'countdistinct') return { name, sql: `count(DISTINCT ${sql})` };
  if (method === 'min' || method === 'max') return createMinMaxMeasure(name, method, column);
  if (!isNumeric(attribute)) {
    throw invalidQuery(`The column '${attribute.logicalName}' of type ${attribute.type} has no ${method}.`);
  }
  const total = method === 'sum' ? `sum(${sql})` : averageSql(attribute, sql);
  return { name, attribute, ...amountSql(attribute, total) };
}

function toBaseAmount(column: ScopedColumn): ScopedColumn {
  const { attribute, alias, table } = column;
  const name = `${attribute.logicalName}_base`;
  const base = attribute.type === 'Money' && table.attributes.find(({ logicalName }) => logicalName === name);
  return base ? { ...column, attribute: base, sql: comparableSql(base, alias) } : column;
}

export const createCountMeasure = (name: string): Measure => ({ name, sql: 'count(*)' });

const isNumeric = ({ type }: Attribute): boolean =>
  ['Integer', 'BigInt', 'Decimal', 'Double', 'Money'].includes(type);

/** Decimals are stored as integers; their average is rounded to the last decimal place. */
const averageSql = ({ type }: Attribute, sql: string): string =>
  type === 'Double' ? `avg(${sql})` : `CAST(round(avg(${sql})) AS INTEGER)`;

function amountSql(attribute: Attribute, sql: string): Pick<Measure, 'sql' | 'decode'> {
  switch (attribute.type) {
    case 'Decimal':
    case 'Money':
      return {
        sql: `CAST(${sql} AS TEXT)`,
        decode: (raw: SqlValue) => fromUnits(raw as string, decimalScale(attribute)),
      };
    case 'BigInt':
      return { sql: `CAST(${sql} AS TEXT)` };
    default:
      return { sql };
  }
}

function createMinMaxMeasure(name: string, method: 'min' | 'max', column: ScopedColumn): Measure {
  const { attribute, sql } = column;
  if (isNumeric(attribute)) return { name, attribute, ...amountSql(attribute, `${method}(${sql})`) };
  const { decode } = columnReader(column);
  const value = `${method}(${sql})`;
  const isDateTime = attribute.type === 'DateTime' && !attribute.dateOnly;
  return { name, attribute, sql: isDateTime ? `(${value} || 'Z')` : value, decode };
}

/** Runs `$apply`: filters, then one `groupby` or `aggregate`. */
export function runAggregate(
  table: TableModel,
  request: AggregateRequest,
  context: QueryContext,
): AggregateResult {
  const { compilation, scope, conditions } = compileConditions(table, request, context);
  const filters = request.apply.filter((step) => step.kind === 'filter');
  const summaries = request.apply.filter((step) => step.kind !== 'filter');
  if (summaries.length > 1) throw invalidQuery('Only one groupby or aggregate is supported in $apply.');
  for (const { filter } of filters) conditions.push(filterSql(filter, scope));
  const measures = summaries.flatMap((step) => readMeasures(step, scope));
  checkNames(summaries, scope);
  const order = aggregateOrderSql(request, measures);
  const source = `${scope.from()}${whereSql(conditions)}`;
  checkSourceRowLimit(source, compilation.values, context);
  const limit = request.top === undefined ? '' : ` LIMIT ${compilation.bind(Math.max(0, request.top))}`;
  return runMeasures({ measures, source, after: `${order}${limit}`, values: compilation.values }, context);
}

function readMeasures(step: Exclude<ApplyStep, { kind: 'filter' }>, scope: TableScope): readonly Measure[] {
  const items = step.kind === 'aggregate' ? step.items : (step.aggregate ?? []);
  const groups = step.kind === 'aggregate' ? [] : step.paths;
  return [
    ...groups.map(({ segments }) => readGrouping(segments, scope)),
    ...items.map((item) =>
      item.method === 'count'
        ? createCountMeasure(item.as)
        : createMeasure(item.as, item.method, scope.column(item.path.segments)),
    ),
  ];
}

/** The name of a total must be neither that of a column nor of another total. */
function checkNames(steps: readonly Exclude<ApplyStep, { kind: 'filter' }>[], scope: TableScope): void {
  const names = steps
    .flatMap((step) => (step.kind === 'aggregate' ? step.items : (step.aggregate ?? [])))
    .map((item) => item.as);
  const { model } = scope.compilation;
  const taken = names.find(
    (name, index) => model.property(scope.table, name) !== undefined || names.indexOf(name) !== index,
  );
  if (taken !== undefined) throw invalidQuery(`The alias '${taken}' of an aggregate is used already.`);
}

/** A column of a related row is named after its table: `contact_fullname` for `primarycontactid/fullname`. */
function readGrouping(segments: readonly string[], scope: TableScope): Measure {
  const column = scope.column(segments);
  const { attribute, table } = column;
  if (attribute.type === 'DateTime') throw invalidQuery('The groupby of a date and time is not supported.');
  const [name = '', ...rest] = segments;
  const isOwn = rest.length === 0;
  return createGrouping(isOwn ? name : `${table.logicalName}_${attribute.logicalName}`, column);
}

function aggregateOrderSql({ apply, orderBy = [] }: AggregateRequest, measures: readonly Measure[]): string {
  const grouped = measures.flatMap(({ groupBy }) => (groupBy ? [groupBy] : []));
  const paths = apply.flatMap((step) => (step.kind === 'groupby' ? step.paths : []));
  const requestedKeys = orderBy.map(({ path, direction }) => {
    const key = grouped[paths.findIndex(({ segments }) => segments.join('/') === path.segments.join('/'))];
    if (!key) throw invalidQuery('The query node SingleValueOpenPropertyAccess is not supported.');
    return direction === 'desc' ? `${key} DESC` : key;
  });
  const keys = [...requestedKeys, ...grouped];
  return keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
}

/** Rejects a query with more source rows than Dataverse aggregates. */
export function checkSourceRowLimit(
  source: string,
  values: readonly SqlValue[],
  { database }: QueryContext,
  maxRows = maxSourceRows,
): void {
  const limit = Math.min(maxRows, maxSourceRows);
  const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM ${source} LIMIT ${limit + 1})`;
  if (database.count(sql, values) <= limit) return;
  throw new DataverseError(
    400,
    '0x8004e023',
    'The maximum record limit is exceeded. Reduce the number of records.',
  );
}

/** Runs an aggregate query. */
export function runMeasures(
  query: {
    readonly measures: readonly Measure[];
    readonly source: string;
    readonly after: string;
    readonly values: readonly SqlValue[];
  },
  { database }: QueryContext,
): AggregateResult {
  const { measures, source, after, values } = query;
  const groups = measures.flatMap(({ groupBy }) => (groupBy ? [groupBy] : []));
  const groupBy = groups.length > 0 ? ` GROUP BY ${groups.join(', ')}` : '';
  const texts = measures.flatMap(({ textSql }, index) => (textSql ? [`${textSql} AS "t${index}"`] : []));
  const columns = [...measures.map(({ sql }, index) => `${sql} AS "m${index}"`), ...texts].join(', ') || '1';
  const raw = database.all(`SELECT ${columns} FROM ${source}${groupBy}${after}`, values);
  return {
    columns: measures.map(({ name, attribute }) => ({ name, attribute })),
    rows: raw.map((row) => decodeMeasures(row, measures)),
    texts: texts.length > 0 ? raw.map((row) => readTexts(row, measures)) : undefined,
  };
}

const decodeMeasures = (row: SqlRow, measures: readonly Measure[]): Record<string, ColumnValue> =>
  Object.fromEntries(
    measures.map(({ name, decode }, index) => {
      const value = row[`m${index}`] as string | number | null;
      return [name, value !== null && decode ? decode(value) : value];
    }),
  );

const readTexts = (row: SqlRow, measures: readonly Measure[]): Record<string, string> =>
  Object.fromEntries(
    measures.flatMap(({ name, textSql }, index) => (textSql ? [[name, String(row[`t${index}`])]] : [])),
  );
