import { isLookup, isText } from '../../model/attribute.ts';
import { toComparableValue } from '../query/comparable-value.ts';
import { valueComparisonSql } from '../query/comparison.ts';
import { functionCallSql } from '../query/function-call.ts';
import { likeSql } from '../query/like.ts';
import type { ScopedColumn, TableScope } from '../query/scope.ts';
import { invalidFetchXml } from './parse-fetchxml.ts';

const comparisons = {
  eq: 'eq',
  ne: 'ne',
  neq: 'ne',
  gt: 'gt',
  ge: 'ge',
  lt: 'lt',
  le: 'le',
} as const;

/** The LIKE patterns of text operators. */
const patterns: Readonly<Record<string, (value: string) => string>> = {
  like: (value) => value,
  'begins-with': (value) => `${value}%`,
  'ends-with': (value) => `%${value}`,
};
const negatedPatterns: Readonly<Record<string, string>> = {
  'not-like': 'like',
  'not-begin-with': 'begins-with',
  'not-end-with': 'ends-with',
};

/** OData names of operators that are not their own name in Pascal case. */
const irregularNames: Readonly<Record<string, string>> = {
  'last-seven-days': 'Last7Days',
  'next-seven-days': 'Next7Days',
  'eq-or-above': 'AboveOrEqual',
  'eq-or-under': 'UnderOrEqual',
  'not-contain-values': 'DoesNotContainValues',
  'eq-userid': 'EqualUserId',
  'ne-userid': 'NotEqualUserId',
  'eq-businessid': 'EqualBusinessId',
  'ne-businessid': 'NotEqualBusinessId',
  'eq-userteams': 'EqualUserTeams',
  'eq-useroruserteams': 'EqualUserOrUserTeams',
  'eq-useroruserhierarchy': 'EqualUserOrUserHierarchy',
  'eq-useroruserhierarchyandteams': 'EqualUserOrUserHierarchyAndTeams',
  'eq-userlanguage': 'EqualUserLanguage',
  'olderthan-x-minutes': 'OlderThanXMinutes',
  'olderthan-x-hours': 'OlderThanXHours',
  'olderthan-x-days': 'OlderThanXDays',
  'olderthan-x-weeks': 'OlderThanXWeeks',
  'olderthan-x-months': 'OlderThanXMonths',
  'olderthan-x-years': 'OlderThanXYears',
};

/** A condition on a column as SQL. */
export function operatorSql(
  { operator, column, values }: { operator: string; column: ScopedColumn; values: readonly string[] },
  scope: TableScope,
): string {
  if (operator === 'null') return `${column.sql} IS NULL`;
  if (operator === 'not-null') return `${column.sql} IS NOT NULL`;
  if (Object.hasOwn(comparisons, operator)) {
    return compareTextSql(comparisons[operator as keyof typeof comparisons], column, { values, scope });
  }
  const positive = negatedPatterns[operator] ?? operator;
  const pattern = patterns[positive];
  if (pattern && isText(column.attribute)) {
    const matches = likeSql(column, pattern(values[0] ?? ''), scope.compilation);
    return positive === operator ? matches : `coalesce(NOT ${matches}, 1)`;
  }
  return functionCallSql({ name: toODataFunctionName(operator, column), column, values, scope });
}

function compareTextSql(
  operator: (typeof comparisons)[keyof typeof comparisons],
  column: ScopedColumn,
  { values, scope }: { values: readonly string[]; scope: TableScope },
): string {
  const value = toComparableValue(toTableName(values[0] ?? '', column, scope), column.attribute);
  if (value !== undefined) return valueComparisonSql(operator, column.sql, scope.compilation.bind(value));
  const { logicalName, type } = column.attribute;
  throw invalidFetchXml(
    `The value '${values[0] ?? ''}' is not valid for the attribute '${logicalName}' of type ${type}.`,
    '0x80041139',
  );
}

/** Columns of type EntityName also accept the object type code of a table. */
function toTableName(value: string, { attribute }: ScopedColumn, { compilation }: TableScope): string {
  if (attribute.type !== 'EntityName' || !/^\d+$/.test(value)) return value;
  const tables = [...compilation.model.tables.values()];
  return tables.find(({ typeCode }) => `${typeCode}` === value)?.logicalName ?? value;
}

function toODataFunctionName(operator: string, { attribute }: ScopedColumn): string {
  const name =
    irregularNames[operator] ??
    operator.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const isTextOperator = operator in patterns || operator in negatedPatterns;
  const isRelativeTime = operator.includes('-x-');
  const isInvalid = isTextOperator || (isRelativeTime && isLookup(attribute));
  if (/^[a-z-]+$/.test(operator) && !isInvalid) return name;
  throw invalidFetchXml(
    `The condition operator '${operator}' is not valid for '${attribute.logicalName}'.`,
    '0x80041120',
  );
}
