import { maxPageSize } from 'dynamics365-connector/odata';
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
import {
  childrenOf,
  type FetchElement,
  invalidFetchXml,
  isTrue,
  requireAttribute,
} from './parse-fetchxml.ts';

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
  checkSourceRowLimit(source, values, context);
  const after = `${orderSql(all, measures)}${limitSql(fetch)}`;
  return runMeasures({ measures, source, after, values }, context);
}

function readFetchMeasure(element: FetchElement, scope: FetchSource['scope']): Measure {
  const { aggregate, groupby, dategrouping, distinct } = element.attributes;
  const column = findFetchColumn(scope, requireAttribute(element, 'name'));
  const alias = requireAttribute(element, 'alias');
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

const dateParts: Readonly<Record<string, (sql: string) => string>> = {
  day: (sql) => `CAST(strftime('%d', ${sql}) AS INTEGER)`,
  week: (sql) => `CAST(strftime('%U', ${sql}) AS INTEGER) + 1`,
  month: (sql) => `CAST(strftime('%m', ${sql}) AS INTEGER)`,
  quarter: (sql) => `(CAST(strftime('%m', ${sql}) AS INTEGER) + 2) / 3`,
  year: (sql) => `CAST(strftime('%Y', ${sql}) AS INTEGER)`,
  'fiscal-period': (sql) => `(CAST(strftime('%m', ${sql}) AS INTEGER) + 2) / 3`,
  'fiscal-year': (sql) => `CAST(strftime('%Y', ${sql}) AS INTEGER)`,
};

function createDateGrouping(name: string, part: string, { attribute, sql }: ScopedColumn): Measure {
  const datePartSql = Object.hasOwn(dateParts, part) ? dateParts[part] : undefined;
  if (!datePartSql || attribute.type !== 'DateTime') {
    throw invalidFetchXml(
      `'${part}' is not a valid date grouping of '${attribute.logicalName}'.`,
      '0x80041135',
    );
  }
  return { name, sql: datePartSql(sql), groupBy: datePartSql(sql) };
}

function orderSql(sources: readonly FetchSource[], measures: readonly Measure[]): string {
  const requestedKeys = sources
    .flatMap(({ element }) => childrenOf(element, 'order'))
    .map((order) => {
      const index = measures.findIndex(({ name }) => name === order.attributes.alias);
      if (index < 0)
        throw invalidFetchXml(
          'The order of an aggregate query must give the alias of an attribute.',
          '0x80041134',
        );
      return `"m${index}"${isTrue(order.attributes.descending) ? ' DESC' : ''}`;
    });
  const groups = measures.flatMap(({ groupBy }) => (groupBy ? [groupBy] : []));
  const keys = [...requestedKeys, ...groups];
  return keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
}

function limitSql({ attributes }: FetchElement): string {
  const size = Number(attributes.top ?? attributes.count ?? maxPageSize);
  const page = Number(attributes.page ?? 1);
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(page) || size < 0 || page < 1) {
    throw invalidFetchXml('The attributes top, count and page must be whole numbers.');
  }
  return ` LIMIT ${Math.min(size || maxPageSize, maxPageSize)} OFFSET ${(page - 1) * size}`;
}
