import { Scope } from '../query/scope.ts';
import { operatorSql } from './operators.ts';
import { fetchColumn, joinCondition, type Source, type Sources, tableNamed } from './source.ts';
import { badFetch, childrenOf, required, type XmlElement } from './xml.ts';

/** The filters of an entity or a link. */
export const conditionsOf = (source: Source, sources: Sources): readonly string[] =>
  childrenOf(source.element, 'filter').map((filter) => filterSql(filter, source, sources));

function filterSql(filter: XmlElement, source: Source, sources: Sources): string {
  const type = filter.attributes.type ?? 'and';
  if (type !== 'and' && type !== 'or') throw badFetch(`Invalid filter type '${type}'.`, '0x80041122');
  const parts = filter.children.map((child) => {
    if (child.name === 'condition') return conditionSql(child, source, sources);
    if (child.name === 'filter') return filterSql(child, source, sources);
    if (child.name === 'link-entity' && isSemiJoin(child)) return semiJoin(child, source.scope, sources);
    throw badFetch(`A filter does not take the element '${child.name}'.`, '0x8004111c');
  });
  if (parts.length === 0) return '1';
  return `(${parts.join(type === 'and' ? ' AND ' : ' OR ')})`;
}

function conditionSql(condition: XmlElement, own: Source, sources: Sources): string {
  const { entityname, value, valueof } = condition.attributes;
  const { scope } = entityname === undefined ? own : sources.named(entityname);
  scope.compilation.count();
  const operator = required(condition, 'operator');
  const column = fetchColumn(scope, required(condition, 'attribute'));
  if (valueof !== undefined) return columnsSql(operator, column.sql, otherColumn(valueof, own, sources));
  const listed = childrenOf(condition, 'value').map(({ text }) => text.trim());
  const values = value === undefined ? listed : [value];
  return operatorSql({ operator, column, values }, scope);
}

/** `valueof="lastname"`, or a column of a link: `valueof="alias.lastname"`. */
function otherColumn(name: string, own: Source, sources: Sources): string {
  const [first = '', second] = name.split('.');
  return second === undefined
    ? fetchColumn(own.scope, first).sql
    : fetchColumn(sources.named(first).scope, second).sql;
}

const symbols: Readonly<Record<string, string>> = {
  eq: '=',
  ne: 'IS NOT',
  neq: 'IS NOT',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
};

function columnsSql(operator: string, left: string, right: string): string {
  const symbol = Object.hasOwn(symbols, operator) ? symbols[operator] : undefined;
  if (!symbol) throw badFetch(`The operator '${operator}' does not compare columns.`, '0x80041120');
  return `${left} ${symbol} ${right}`;
}

const semiJoins = new Set(['exists', 'in', 'any', 'not any', 'all', 'not all']);

/** Whether a link only decides which rows there are, and brings no columns. */
export const isSemiJoin = ({ attributes }: XmlElement): boolean =>
  semiJoins.has(attributes['link-type'] ?? '');

/**
 * `any`, `in` and `exists`: some linked row fits. `not any`: none fits. `all`: there are linked rows and none fits;
 * `not all` is `any`. https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows
 */
export function semiJoin(element: XmlElement, parent: Scope, sources: Sources): string {
  const exists = (withFilter: boolean): string => {
    const { compilation } = parent;
    const scope = new Scope(compilation, tableNamed(compilation.model, required(element, 'name')));
    const source: Source = { element, scope, alias: element.attributes.alias ?? scope.alias };
    const nested = withFilter
      ? childrenOf(element, 'link-entity').map((link) => semiJoin(link, scope, sources))
      : [];
    const filters = withFilter ? conditionsOf(source, sources) : [];
    const all = [joinCondition(element, scope, parent), ...filters, ...nested];
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
