import { countAll, grouping, type Measure, measure, refuseTooMany, summarise } from '../query/aggregate.ts';
import type { Expanding } from '../query/expand.ts';
import { where } from '../query/run-query.ts';
import type { Column } from '../query/scope.ts';
import type { AggregateResult } from '../types.ts';
import { fetchColumn, type Source, type Sources } from './source.ts';
import { badFetch, childrenOf, isTrue, required, type XmlElement } from './xml.ts';

/** `<fetch aggregate="true">`: groups and totals by alias. */
export function aggregateFetch(fetch: XmlElement, sources: Sources, context: Expanding): AggregateResult {
  const all = [sources.entity, ...sources.links];
  const measures = all.flatMap(({ element, scope }) =>
    childrenOf(element, 'attribute').map((attribute) => measureOf(attribute, scope)),
  );
  const { values } = sources.entity.scope.compilation;
  const source = `${sources.from()}${where(sources.conditions)}`;
  refuseTooMany(source, values, context);
  const after = `${orderSql(all, measures)}${limitSql(fetch)}`;
  return summarise({ measures, source, after, values }, context);
}

function measureOf(element: XmlElement, scope: Source['scope']): Measure {
  const { aggregate, groupby, dategrouping, distinct } = element.attributes;
  const column = fetchColumn(scope, required(element, 'name'));
  const alias = required(element, 'alias');
  if (isTrue(groupby)) return dategrouping ? dateGroup(alias, dategrouping, column) : grouping(alias, column);
  switch (aggregate) {
    case 'count':
      return countAll(alias);
    case 'countcolumn':
      return measure(alias, isTrue(distinct) ? 'countdistinct' : 'countcolumn', column);
    case 'avg':
      return measure(alias, 'average', column);
    case 'sum':
    case 'min':
    case 'max':
      return measure(alias, aggregate, column);
    default:
      throw badFetch(`The aggregate '${aggregate ?? ''}' of '${alias}' is not known.`, '0x8004111a');
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

function dateGroup(name: string, part: string, { attribute, sql }: Column): Measure {
  const of = Object.hasOwn(dateParts, part) ? dateParts[part] : undefined;
  if (!of || attribute.type !== 'DateTime') {
    throw badFetch(`'${part}' is no date grouping of '${attribute.logicalName}'.`, '0x80041135');
  }
  return { name, sql: of(sql), groupBy: of(sql) };
}

function orderSql(sources: readonly Source[], measures: readonly Measure[]): string {
  const asked = sources
    .flatMap(({ element }) => childrenOf(element, 'order'))
    .map((order) => {
      const index = measures.findIndex(({ name }) => name === order.attributes.alias);
      if (index < 0) throw badFetch('An order of an aggregate needs the alias of a column.', '0x80041134');
      return `"m${index}"${isTrue(order.attributes.descending) ? ' DESC' : ''}`;
    });
  const groups = measures.flatMap(({ groupBy }) => (groupBy ? [groupBy] : []));
  const keys = [...asked, ...groups];
  return keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
}

function limitSql({ attributes }: XmlElement): string {
  const size = Number(attributes.top ?? attributes.count ?? 5000);
  const page = Number(attributes.page ?? 1);
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(page) || size < 0 || page < 1) {
    throw badFetch('The attributes top, count and page must be whole numbers.');
  }
  return ` LIMIT ${Math.min(size || 5000, 5000)} OFFSET ${(page - 1) * size}`;
}
