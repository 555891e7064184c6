import type { Filter, Lambda, Logical, TextMatch } from 'dynamics365-connector/odata';
import { isText } from '../../model/attribute.ts';
import { quote } from '../database.ts';
import { badQuery } from '../refusal.ts';
import { comparison } from './comparison.ts';
import { functionCall } from './function-call.ts';
import { like } from './like.ts';
import type { Route, Scope } from './scope.ts';

/**
 * A condition as SQL. Negation is carried inwards (`negated`), because Dataverse's negated operators find rows
 * without a value too, which SQL's NOT does not.
 */
export function condition(filter: Filter, scope: Scope, negated = false): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return logical(filter, scope, negated);
    case 'not':
      return condition(filter.term, scope, !negated);
    case 'lambda':
      return lambda(filter, scope, negated);
    case 'compare':
      scope.compilation.count();
      return comparison(filter, scope, negated);
    case 'text':
      scope.compilation.count();
      return textMatch(filter, scope, negated);
    case 'function':
      scope.compilation.count();
      return functionCall(filter, scope, negated);
  }
}

function logical(filter: Logical, scope: Scope, negated: boolean): string {
  const word = (filter.kind === 'and') !== negated ? ' AND ' : ' OR ';
  return `(${filter.terms.map((term) => condition(term, scope, negated)).join(word)})`;
}

function textMatch(filter: TextMatch, scope: Scope, negated: boolean): string {
  const column = scope.column(filter.path.segments);
  if (!isText(column.attribute)) {
    throw badQuery(
      `No function signature for the function with name '${filter.name}' matches the specified arguments. The function signatures considered are: ${filter.name}(Edm.String Nullable=true, Edm.String Nullable=true).`,
    );
  }
  const before = filter.name === 'startswith' ? '' : '%';
  const after = filter.name === 'endswith' ? '' : '%';
  const matches = like(column, `${before}${filter.value.value}${after}`, scope.compilation);
  return negated ? `coalesce(NOT ${matches}, 1)` : matches;
}

/** `any` is EXISTS; `all` is that no row fails. */
function lambda(filter: Lambda, scope: Scope, negated: boolean): string {
  const route = scope.collection(filter.path.segments);
  const target = scope.compilation.model.table(route.navigation.target)!;
  const inner = scope.inner(target, filter.variable);
  const all = filter.quantifier === 'all';
  const body = filter.body ? ` AND ${condition(filter.body, inner, all)}` : '';
  const exists = `EXISTS (SELECT 1 FROM ${inner.from()} WHERE ${reachedFrom(route, inner)}${body})`;
  return all !== negated ? `NOT ${exists}` : exists;
}

/** The rows of `inner` that a collection leads to from the row where the route starts. */
function reachedFrom({ navigation, table, alias }: Route, inner: Scope): string {
  return reachedBy(navigation, `${alias}.${quote(table.primaryId)}`, inner);
}

/** The rows of `inner` that a collection leads to from a row whose id is the SQL expression `id`. */
export function reachedBy(navigation: Route['navigation'], id: string, inner: Scope): string {
  if (navigation.kind === 'children') {
    return `${inner.alias}.${quote(navigation.relationship.attribute)} = ${id}`;
  }
  if (navigation.kind === 'lookup') throw badQuery(`'${navigation.name}' is not a collection.`);
  const { relationship, near, far } = navigation;
  const target = `${inner.alias}.${quote(inner.table.primaryId)}`;
  return `${target} IN (SELECT ${quote(far.column)} FROM ${quote(relationship.intersect)} WHERE ${quote(near.column)} = ${id})`;
}
