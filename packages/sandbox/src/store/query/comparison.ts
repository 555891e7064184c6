import type {
  Comparison,
  ComparisonOperator,
  Literal,
  Operand,
  PropertyPath,
} from 'dynamics365-connector/odata';
import { decimalScale, edmType } from '../../model/attribute.ts';
import type { Attribute } from '../../model/types.ts';
import { type DataverseError, invalidQuery } from '../errors.ts';
import { edmTypeOfLiteral, findValueFamily, toComparableLiteral } from './comparable-value.ts';
import type { ScopedColumn, TableScope } from './scope.ts';

const sqlOperators = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const;
const negatedOperators = { eq: 'ne', ne: 'eq', gt: 'le', ge: 'lt', lt: 'ge', le: 'gt' } as const;
const mirroredOperators = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' } as const;
const operatorKinds = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
} as const;

/** A comparison as SQL: `revenue gt 100`, `null ne name`, `firstname eq lastname`. `ne` also matches rows without a value. */
export function comparisonSql(filter: Comparison, scope: TableScope, negated: boolean): string {
  const operator = negated ? negatedOperators[filter.operator] : filter.operator;
  const { left, right } = filter;
  if (left.kind !== 'path' && right.kind !== 'path') {
    throw invalidQuery('A comparison needs a column on at least one side.');
  }
  if (left.kind === 'path' && right.kind === 'path')
    return columnComparisonSql({ operator, left, right }, scope);
  const [path, literal, effectiveOperator] =
    left.kind === 'path'
      ? ([left, right as Literal, operator] as const)
      : ([right as PropertyPath, left as Literal, mirroredOperators[operator]] as const);
  const column = scope.column(path.segments);
  if (literal.kind === 'null') return nullComparisonSql(effectiveOperator, column.sql);
  const value = toComparableLiteral(literal, column.attribute);
  if (value === undefined) throw incompatible(filter.operator, left, right, column.attribute);
  return valueComparisonSql(effectiveOperator, column.sql, scope.compilation.bind(value));
}

/** `gt`, `ge`, `lt` and `le` with null match no row. */
function nullComparisonSql(operator: ComparisonOperator, sql: string): string {
  if (operator === 'eq') return `${sql} IS NULL`;
  return operator === 'ne' ? `${sql} IS NOT NULL` : '0';
}

/** A comparison of a column with a bound value. */
export function valueComparisonSql(operator: ComparisonOperator, sql: string, value: string): string {
  if (operator === 'ne') return `(${sql} <> ${value} OR ${sql} IS NULL)`;
  return `${sql} ${sqlOperators[operator]} ${value}`;
}

function columnComparisonSql(
  { operator, left, right }: { operator: ComparisonOperator; left: PropertyPath; right: PropertyPath },
  scope: TableScope,
): string {
  const [one, other] = [scope.column(left.segments), scope.column(right.segments)];
  if (findValueFamily(one.attribute) !== findValueFamily(other.attribute)) {
    const types = [edmType(one.attribute), edmType(other.attribute)] as const;
    throw incompatibleTypes(operator, types);
  }
  return compareColumnsSql(operator, one, other);
}

/** A comparison of two columns with values of the same kind. */
export function compareColumnsSql(
  operator: ComparisonOperator,
  one: ScopedColumn,
  other: ScopedColumn,
): string {
  const [a, b] = toSameScale(one, other);
  return operator === 'ne' ? `(${a} IS NOT ${b})` : `${a} ${sqlOperators[operator]} ${b}`;
}

/** Decimals are stored as scaled integers: the column with the smaller scale is multiplied. */
function toSameScale(one: ScopedColumn, other: ScopedColumn): readonly [string, string] {
  const scaleOf = ({ attribute }: ScopedColumn) =>
    attribute.type === 'Money' || attribute.type === 'Decimal' ? decimalScale(attribute) : 0;
  const multiply = (sql: string, places: number) => (places > 0 ? `${sql} * 1${'0'.repeat(places)}` : sql);
  const difference = scaleOf(other) - scaleOf(one);
  return [multiply(one.sql, difference), multiply(other.sql, -difference)];
}

function incompatible(
  operator: ComparisonOperator,
  left: Operand,
  right: Operand,
  attribute: Attribute,
): DataverseError {
  const name = (operand: Operand) =>
    operand.kind === 'path' ? edmType(attribute) : edmTypeOfLiteral(operand);
  return incompatibleTypes(operator, [name(left), name(right)]);
}

const incompatibleTypes = (operator: ComparisonOperator, [left, right]: readonly [string, string]) =>
  invalidQuery(
    `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${operatorKinds[operator]}'.`,
  );
