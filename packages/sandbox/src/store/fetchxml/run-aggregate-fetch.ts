import { type FetchElement, isTrue, maxPageSize } from 'dynamics365-connector/odata';
import {
  checkSourceRowLimit,
  createCountMeasure,
  createGrouping,
  createMeasure,
  type Measure,
  runMeasures,
} from '../query/aggregate.ts';
import type { QueryContext } from '../query/compilation.ts';
import { whereSql } from '../query/run-query.ts';
import type { ScopedColumn } from '../query/scope.ts';
import type { AggregateResult } from '../types.ts';
import { type FetchSource, type FetchSources, findFetchColumn } from './fetch-source.ts';
import { childrenOf, invalidFetchXml, requireAttribute } from './parse-fetchxml.ts';

/** Runs `<fetch aggregate="true">`: groups and aggregates by alias. */
export function runAggregateFetch(
  fetch: FetchElement,
  sources: FetchSources,
  context: QueryContext,
): AggregateResult {
  const all = [sources.entity, ...sources.links];
  const measures = all.flatMap(({ element, scope }) =>
    childrenOf(element, 'attribute').map((attribute) => readFetchMeasure(attribute, scope)),
  );
  const { values } = sources.entity.scope.compilation;
  const source = `${sources.from()}${whereSql(sources.conditions)}`;
  const { aggregatelimit } = fetch.attributes;
  checkSourceRowLimit(
    source,
    values,
    context,
    aggregatelimit === undefined ? undefined : Number(aggregatelimit),
  );
  const after = `${orderSql(all, measures)}${limitSql(fetch)}`;
  return runMeasures({ measures, source, after, values }, context);
}

function readFetchMeasure(element: FetchElement, scope: FetchSource['scope']): Measure {
  const { aggregate, groupby, dategrouping, distinct } = element.attributes;
  const column = findFetchColumn(scope, requireAttribute(element, 'name'));
  const alias = element.attributes.alias ?? column.attribute.logicalName;
  if (isTrue(groupby))
    return dategrouping ? createDateGrouping(alias, dategrouping, column) : createGrouping(alias, column);
  switch (aggregate) {
    case 'count':
      return createCountMeasure(alias);
    case 'countcolumn':
      return createMeasure(alias, isTrue(distinct) ? 'countdistinct' : 'countcolumn', column);
    case 'avg':
      return createMeasure(alias, 'average', column);
    case 'sum':
    case 'min':
    case 'max':
      return createMeasure(alias, aggregate, column);
    default:
      throw invalidFetchXml(
        `The aggregate '${aggregate ?? ''}' of '${alias}' is not supported.`,
        '0x8004111a',
      );
  }
}

/** Days before the first Sunday of a year belong to its first week, as in SQL Server. */
const weekSql = (sql: string) =>
  `(CAST(strftime('%j', ${sql}) AS INTEGER) - 1 + CAST(strftime('%w', ${sql}, 'start of year') AS INTEGER)) / 7 + 1`;
const quarterSql = (sql: string) => `(CAST(strftime('%m', ${sql}) AS INTEGER) + 2) / 3`;
const yearSql = (sql: string) => `CAST(strftime('%Y', ${sql}) AS INTEGER)`;

interface DatePart {
  readonly value: (sql: string) => string;
  /** The formatted value, if it is not that of the number. Rows with different ones are in different groups. */
  readonly text?: (sql: string) => string;
}

/** Fiscal periods are quarters and the fiscal year starts on January 1: the settings of a new organization. */
const dateParts: Readonly<Record<string, DatePart>> = {
  day: { value: (sql) => `CAST(strftime('%d', ${sql}) AS INTEGER)` },
  week: { value: weekSql },
  month: { value: (sql) => `CAST(strftime('%m', ${sql}) AS INTEGER)` },
  quarter: { value: quarterSql },
  year: { value: yearSql },
  'fiscal-period': {
    value: quarterSql,
    text: (sql) => `'Quarter ' || (${quarterSql(sql)}) || ' FY' || ${yearSql(sql)}`,
  },
  'fiscal-year': { value: yearSql, text: (sql) => `'FY' || ${yearSql(sql)}` },
};

function createDateGrouping(name: string, part: string, { attribute, sql }: ScopedColumn): Measure {
  const datePart = Object.hasOwn(dateParts, part) ? dateParts[part] : undefined;
  if (!datePart || attribute.type !== 'DateTime') {
    throw invalidFetchXml(
      `'${part}' is not a valid date grouping of '${attribute.logicalName}'.`,
      '0x80041135',
    );
  }
  const textSql = datePart.text?.(sql);
  return { name, sql: datePart.value(sql), groupBy: textSql ?? datePart.value(sql), textSql };
}

function orderSql(sources: readonly FetchSource[], measures: readonly Measure[]): string {
  const requestedKeys = sources
    .flatMap(({ element }) => childrenOf(element, 'order'))
    .map((order) => {
      const index = measures.findIndex(({ name }) => name === order.attributes.alias);
      return `"m${index}"${isTrue(order.attributes.descending) ? ' DESC' : ''}`;
    });
  const groups = measures.flatMap(({ groupBy }) => (groupBy ? [groupBy] : []));
  const keys = [...requestedKeys, ...groups];
  return keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
}

function limitSql({ attributes }: FetchElement): string {
  const size = Number(attributes.top ?? attributes.count ?? maxPageSize);
  const page = Number(attributes.page ?? 1);
  return ` LIMIT ${Math.min(size || maxPageSize, maxPageSize)} OFFSET ${(page - 1) * size}`;
}
