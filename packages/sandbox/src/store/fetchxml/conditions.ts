import { type FetchElement, isSemiJoin, readConditionValues } from 'dynamics365-connector/odata';
import { findValueFamily } from '../query/comparable-value.ts';
import { compareColumnsSql } from '../query/comparison.ts';
import { type ScopedColumn, TableScope } from '../query/scope.ts';
import { type FetchSource, type FetchSources, findFetchColumn, requireFetchTable } from './fetch-source.ts';
import { joinConditionSql } from './join-columns.ts';
import { comparisons, operatorSql } from './operators.ts';
import { childrenOf, invalidFetchXml, requireAttribute } from './parse-fetchxml.ts';

/** The filters of an entity or a link-entity. */
export const filtersSql = (source: FetchSource, sources: FetchSources): readonly string[] =>
  childrenOf(source.element, 'filter').map((filter) => filterElementSql(filter, source, sources));

function filterElementSql(filter: FetchElement, source: FetchSource, sources: FetchSources): string {
  const parts = filter.children.map((child) => {
    if (child.name === 'condition') return conditionElementSql(child, source, sources);
    if (child.name === 'filter') return filterElementSql(child, source, sources);
    return semiJoinSql(child, source.scope, sources);
  });
  if (parts.length === 0) return '1';
  return `(${parts.join(filter.attributes.type === 'or' ? ' OR ' : ' AND ')})`;
}

function conditionElementSql(condition: FetchElement, own: FetchSource, sources: FetchSources): string {
  const { entityname, valueof } = condition.attributes;
  const { scope } = entityname === undefined ? own : sources.sourceByName(entityname);
  scope.compilation.countCondition();
  const operator = requireAttribute(condition, 'operator');
  const column = findFetchColumn(scope, requireAttribute(condition, 'attribute'));
  if (valueof !== undefined) return valueOfSql(operator, column, findOtherColumn(valueof, own, sources));
  return operatorSql({ operator, column, values: readConditionValues(condition) }, scope);
}

/** The column of `valueof="lastname"`, or of a link-entity: `valueof="alias.lastname"`. */
function findOtherColumn(name: string, own: FetchSource, sources: FetchSources): ScopedColumn {
  const [first = '', second] = name.split('.');
  return second === undefined
    ? findFetchColumn(own.scope, first)
    : findFetchColumn(sources.sourceByName(first).scope, second);
}

function valueOfSql(operator: string, one: ScopedColumn, other: ScopedColumn): string {
  const comparison = Object.hasOwn(comparisons, operator)
    ? comparisons[operator as keyof typeof comparisons]
    : undefined;
  if (!comparison) throw invalidFetchXml(`The operator '${operator}' cannot compare columns.`, '0x80041120');
  const families = [findValueFamily(one.attribute), findValueFamily(other.attribute)].sort();
  // SQL Server converts an id that is compared with a text.
  const isSame = families[0] === families[1] || families.join() === 'id,text';
  if (isSame) return compareColumnsSql(comparison, one, other);
  const names = `'${one.attribute.logicalName}' and '${other.attribute.logicalName}'`;
  throw invalidFetchXml(`The attributes ${names} are not of the same type.`, '0x80040203');
}

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
    const source: FetchSource = { element, scope };
    const filters = withFilter ? [...filtersSql(source, sources), ...innerLinksSql(source, sources)] : [];
    const all = [joinConditionSql(element, scope, parent), ...filters];
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

/** The links inside a semi-join. An inner join restricts its rows like a semi-join; an outer join does not. */
const innerLinksSql = ({ element, scope }: FetchSource, sources: FetchSources): readonly string[] =>
  childrenOf(element, 'link-entity')
    .filter((link) => isSemiJoin(link) || !isOuterJoin(link))
    .map((link) => semiJoinSql(link, scope, sources));

/** Whether the rows of the parent stay without a linked row. */
export const isOuterJoin = ({ attributes }: FetchElement): boolean =>
  attributes['link-type'] === 'outer' || attributes['link-type'] === 'matchfirstrowusingcrossapply';
