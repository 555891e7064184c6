import { TableScope } from '../query/scope.ts';
import {
  type FetchSource,
  type FetchSources,
  findFetchColumn,
  joinConditionSql,
  requireFetchTable,
} from './fetch-source.ts';
import { operatorSql } from './operators.ts';
import { childrenOf, type FetchElement, invalidFetchXml, requireAttribute } from './parse-fetchxml.ts';

/** The filters of an entity or a link-entity. */
export const filtersSql = (source: FetchSource, sources: FetchSources): readonly string[] =>
  childrenOf(source.element, 'filter').map((filter) => filterElementSql(filter, source, sources));

function filterElementSql(filter: FetchElement, source: FetchSource, sources: FetchSources): string {
  const type = filter.attributes.type ?? 'and';
  if (type !== 'and' && type !== 'or') throw invalidFetchXml(`Invalid filter type '${type}'.`, '0x80041122');
  const parts = filter.children.map((child) => {
    if (child.name === 'condition') return conditionElementSql(child, source, sources);
    if (child.name === 'filter') return filterElementSql(child, source, sources);
    if (child.name === 'link-entity' && isSemiJoin(child)) return semiJoinSql(child, source.scope, sources);
    throw invalidFetchXml(`The element '${child.name}' is not allowed in a filter.`, '0x8004111c');
  });
  if (parts.length === 0) return '1';
  return `(${parts.join(type === 'and' ? ' AND ' : ' OR ')})`;
}

function conditionElementSql(condition: FetchElement, own: FetchSource, sources: FetchSources): string {
  const { entityname, value, valueof } = condition.attributes;
  const { scope } = entityname === undefined ? own : sources.sourceByAlias(entityname);
  scope.compilation.countCondition();
  const operator = requireAttribute(condition, 'operator');
  const column = findFetchColumn(scope, requireAttribute(condition, 'attribute'));
  if (valueof !== undefined)
    return compareColumnsSql(operator, column.sql, otherColumn(valueof, own, sources));
  const valueElements = childrenOf(condition, 'value').map(({ text }) => text.trim());
  const values = value === undefined ? valueElements : [value];
  return operatorSql({ operator, column, values }, scope);
}

/** The column of `valueof="lastname"`, or of a link-entity: `valueof="alias.lastname"`. */
function otherColumn(name: string, own: FetchSource, sources: FetchSources): string {
  const [first = '', second] = name.split('.');
  return second === undefined
    ? findFetchColumn(own.scope, first).sql
    : findFetchColumn(sources.sourceByAlias(first).scope, second).sql;
}

const sqlOperators: Readonly<Record<string, string>> = {
  eq: '=',
  ne: 'IS NOT',
  neq: 'IS NOT',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
};

function compareColumnsSql(operator: string, left: string, right: string): string {
  const symbol = Object.hasOwn(sqlOperators, operator) ? sqlOperators[operator] : undefined;
  if (!symbol) throw invalidFetchXml(`The operator '${operator}' cannot compare columns.`, '0x80041120');
  return `${left} ${symbol} ${right}`;
}

const semiJoins = new Set(['exists', 'in', 'any', 'not any', 'all', 'not all']);

/** Whether a link-entity only restricts the rows and adds no columns. */
export const isSemiJoin = ({ attributes }: FetchElement): boolean =>
  semiJoins.has(attributes['link-type'] ?? '');

/**
 * `any`, `in` and `exists`: a linked row matches. `not any`: none matches. `all`: there are linked rows and none
 * matches. `not all` is `any`. https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows
 */
export function semiJoinSql(element: FetchElement, parent: TableScope, sources: FetchSources): string {
  const exists = (withFilter: boolean): string => {
    const { compilation } = parent;
    const scope = new TableScope(
      compilation,
      requireFetchTable(compilation.model, requireAttribute(element, 'name')),
    );
    const source: FetchSource = { element, scope, alias: element.attributes.alias ?? scope.alias };
    const nested = withFilter
      ? childrenOf(element, 'link-entity').map((link) => semiJoinSql(link, scope, sources))
      : [];
    const filters = withFilter ? filtersSql(source, sources) : [];
    const all = [joinConditionSql(element, scope, parent), ...filters, ...nested];
    return `EXISTS (SELECT 1 FROM ${scope.from()} WHERE ${all.join(' AND ')})`;
  };
  switch (element.attributes['link-type']) {
    case 'not any':
      return `NOT ${exists(true)}`;
    case 'all':
      return `(${exists(false)} AND NOT ${exists(true)})`;
    default:
      return exists(true);
  }
}
