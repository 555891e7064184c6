import type { Filter, Lambda, LogicalExpression, TextMatch } from 'dynamics365-connector/odata';
import { isText } from '../../model/attribute.ts';
import { quoteIdentifier } from '../database.ts';
import { invalidQuery } from '../errors.ts';
import { requireTable } from '../require-table.ts';
import { comparisonSql } from './comparison.ts';
import { functionFilterSql } from './function-call.ts';
import { likeSql } from './like.ts';
import type { CollectionPath, TableScope } from './scope.ts';

/**
 * A filter as SQL. `negated` pushes a negation down to the comparisons, because Dataverse's negated operators also
 * match rows without a value, unlike SQL's NOT.
 */
export function filterSql(filter: Filter, scope: TableScope, negated = false): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return logicalSql(filter, scope, negated);
    case 'not':
      return filterSql(filter.term, scope, !negated);
    case 'lambda':
      return lambdaSql(filter, scope, negated);
    case 'compare':
      scope.compilation.countCondition();
      return comparisonSql(filter, scope, negated);
    case 'text':
      scope.compilation.countCondition();
      return textMatchSql(filter, scope, negated);
    case 'function':
      scope.compilation.countCondition();
      return functionFilterSql(filter, scope, negated);
  }
}

function logicalSql(filter: LogicalExpression, scope: TableScope, negated: boolean): string {
  const word = (filter.kind === 'and') !== negated ? ' AND ' : ' OR ';
  return `(${filter.terms.map((term) => filterSql(term, scope, negated)).join(word)})`;
}

function textMatchSql(filter: TextMatch, scope: TableScope, negated: boolean): string {
  const column = scope.column(filter.path.segments);
  if (!isText(column.attribute)) {
    throw invalidQuery(
      `No function signature for the function with name '${filter.name}' matches the specified arguments. The function signatures considered are: ${filter.name}(Edm.String Nullable=true, Edm.String Nullable=true).`,
    );
  }
  const before = filter.name === 'startswith' ? '' : '%';
  const after = filter.name === 'endswith' ? '' : '%';
  const matches = likeSql(column, `${before}${filter.value.value}${after}`, scope.compilation);
  return negated ? `coalesce(NOT ${matches}, 1)` : matches;
}

/** `any` is EXISTS; `all` is NOT EXISTS a row that fails. */
function lambdaSql(filter: Lambda, scope: TableScope, negated: boolean): string {
  const collectionPath = scope.collection(filter.path.segments);
  const target = requireTable(scope.compilation.model, collectionPath.navigation.target);
  const inner = scope.createInnerScope(target, filter.variable);
  const all = filter.quantifier === 'all';
  const body = filter.body ? ` AND ${filterSql(filter.body, inner, all)}` : '';
  const exists = `EXISTS (SELECT 1 FROM ${inner.from()} WHERE ${relatedFromSql(collectionPath, inner)}${body})`;
  return all !== negated ? `NOT ${exists}` : exists;
}

/** The condition that the rows of `inner` belong to the collection of the row at the start of the path. */
function relatedFromSql({ navigation, table, alias }: CollectionPath, inner: TableScope): string {
  return relatedRowsSql(navigation, `${alias}.${quoteIdentifier(table.primaryId)}`, inner);
}

/** The condition that the rows of `inner` belong to the collection of the row with the id `id` (an SQL expression). */
export function relatedRowsSql(
  navigation: CollectionPath['navigation'],
  id: string,
  inner: TableScope,
): string {
  if (navigation.kind === 'oneToMany') {
    return `${inner.alias}.${quoteIdentifier(navigation.relationship.attribute)} = ${id}`;
  }
  if (navigation.kind === 'lookup') throw invalidQuery(`'${navigation.name}' is not a collection.`);
  const { relationship, near, far } = navigation;
  const target = `${inner.alias}.${quoteIdentifier(inner.table.primaryId)}`;
  return `${target} IN (SELECT ${quoteIdentifier(far.column)} FROM ${quoteIdentifier(relationship.intersect)} WHERE ${quoteIdentifier(near.column)} = ${id})`;
}
