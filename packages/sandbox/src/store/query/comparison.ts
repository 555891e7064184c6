import type { CompareOperator, Comparison, Literal, Operand, Path } from 'dynamics365-connector/odata';
import { edmType, scaleOf } from '../../model/attribute.ts';
import type { Attribute } from '../../model/types.ts';
import { badQuery, type StoreRefusal } from '../refusal.ts';
import { comparableLiteral, edmTypeOfLiteral, familyOf } from './literal.ts';
import type { Column, Scope } from './scope.ts';

const symbols = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const;
const negations = { eq: 'ne', ne: 'eq', gt: 'le', ge: 'lt', lt: 'ge', le: 'gt' } as const;
const mirrored = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' } as const;
const kinds = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
} as const;

/** `revenue gt 100`, `null ne name`, `firstname eq lastname`. `ne` also finds rows without a value. */
export function comparison(filter: Comparison, scope: Scope, negated: boolean): string {
  const operator = negated ? negations[filter.operator] : filter.operator;
  const { left, right } = filter;
  if (left.kind !== 'path' && right.kind !== 'path') {
    throw badQuery('A comparison needs a column on one of its sides.');
  }
  if (left.kind === 'path' && right.kind === 'path') return columns({ operator, left, right }, scope);
  const [path, literal, facing] =
    left.kind === 'path'
      ? ([left, right as Literal, operator] as const)
      : ([right as Path, left as Literal, mirrored[operator]] as const);
  const column = scope.column(path.segments);
  if (literal.kind === 'null') return withNull(facing, column.sql);
  const value = comparableLiteral(literal, column.attribute);
  if (value === undefined) throw incompatible(filter.operator, left, right, column.attribute);
  return compareWith(facing, column.sql, scope.compilation.bind(value));
}

/** Nothing is greater or less than null. */
function withNull(operator: CompareOperator, sql: string): string {
  if (operator === 'eq') return `${sql} IS NULL`;
  return operator === 'ne' ? `${sql} IS NOT NULL` : '0';
}

/** A column against a bound value. */
export function compareWith(operator: CompareOperator, sql: string, value: string): string {
  if (operator === 'ne') return `(${sql} <> ${value} OR ${sql} IS NULL)`;
  return `${sql} ${symbols[operator]} ${value}`;
}

function columns(
  { operator, left, right }: { operator: CompareOperator; left: Path; right: Path },
  scope: Scope,
): string {
  const [one, other] = [scope.column(left.segments), scope.column(right.segments)];
  if (familyOf(one.attribute) !== familyOf(other.attribute)) {
    const types = [edmType(one.attribute), edmType(other.attribute)] as const;
    throw incompatibleTypes(operator, types);
  }
  const [a, b] = sameScale(one, other);
  return operator === 'ne' ? `(${a} IS NOT ${b})` : `${a} ${symbols[operator]} ${b}`;
}

/** Decimals are kept as integers: the one with fewer digits is stretched to the other. */
function sameScale(one: Column, other: Column): readonly [string, string] {
  const scale = ({ type }: Attribute, attribute: Attribute) =>
    type === 'Money' || type === 'Decimal' ? scaleOf(attribute) : 0;
  const [a, b] = [scale(one.attribute, one.attribute), scale(other.attribute, other.attribute)];
  const stretch = (sql: string, by: number) => (by > 0 ? `${sql} * 1${'0'.repeat(by)}` : sql);
  return [stretch(one.sql, b - a), stretch(other.sql, a - b)];
}

function incompatible(
  operator: CompareOperator,
  left: Operand,
  right: Operand,
  attribute: Attribute,
): StoreRefusal {
  const name = (operand: Operand) =>
    operand.kind === 'path' ? edmType(attribute) : edmTypeOfLiteral(operand);
  return incompatibleTypes(operator, [name(left), name(right)]);
}

const incompatibleTypes = (operator: CompareOperator, [left, right]: readonly [string, string]) =>
  badQuery(
    `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${kinds[operator]}'.`,
  );
