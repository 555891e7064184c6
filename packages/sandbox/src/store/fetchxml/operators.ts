import { type FetchXmlColumnType, fetchXmlOperators } from 'dynamics365-connector/odata';
import { isLookup, isText } from '../../model/attribute.ts';
import type { Attribute } from '../../model/types.ts';
import { toComparableValue } from '../query/comparable-value.ts';
import { valueComparisonSql } from '../query/comparison.ts';
import { functionCallSql } from '../query/function-call.ts';
import { likeSql } from '../query/like.ts';
import type { ScopedColumn, TableScope } from '../query/scope.ts';
import { invalidFetchXml } from './parse-fetchxml.ts';

/** The operators that compare with a value or another column, as in $filter. */
export const comparisons = {
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
  { operator, column, values: given }: { operator: string; column: ScopedColumn; values: readonly string[] },
  scope: TableScope,
): string {
  checkOperator(operator, column.attribute);
  const values = given.map((value) => toStoredText(value, column, scope));
  if (operator === 'null') return `${column.sql} IS NULL`;
  if (operator === 'not-null') return `${column.sql} IS NOT NULL`;
  if (Object.hasOwn(comparisons, operator)) {
    return compareTextSql(comparisons[operator as keyof typeof comparisons], column, { values, scope });
  }
  const positive = negatedPatterns[operator] ?? operator;
  const pattern = patterns[positive];
  if (pattern) {
    const matches = likeSql(column, pattern(values[0] ?? ''), scope.compilation);
    return positive === operator ? matches : `coalesce(NOT ${matches}, 1)`;
  }
  return functionCallSql({ name: toODataFunctionName(operator), column, values, scope });
}

function compareTextSql(
  operator: (typeof comparisons)[keyof typeof comparisons],
  column: ScopedColumn,
  { values, scope }: { values: readonly string[]; scope: TableScope },
): string {
  const value = toComparableValue(values[0] ?? '', column.attribute);
  if (value !== undefined) return valueComparisonSql(operator, column.sql, scope.compilation.bind(value));
  const { logicalName, type } = column.attribute;
  throw invalidFetchXml(
    `The value '${values[0] ?? ''}' is not valid for the attribute '${logicalName}' of type ${type}.`,
    '0x80041139',
  );
}

/** Tables are also given by their object type code, and states by their name: `statecode eq "Won"`. */
function toStoredText(value: string, { attribute }: ScopedColumn, { compilation }: TableScope): string {
  if (attribute.type === 'State') {
    const state = attribute.options?.find(({ label }) => label.toLowerCase() === value.trim().toLowerCase());
    return state ? `${state.value}` : value;
  }
  if (attribute.type !== 'EntityName' || !/^\d+$/.test(value)) return value;
  const tables = [...compilation.model.tables.values()];
  return tables.find(({ typeCode }) => `${typeCode}` === value)?.logicalName ?? value;
}

/** Rejects operators that do not exist, and those for columns of other types. */
function checkOperator(operator: string, attribute: Attribute): void {
  const rule = fetchXmlOperators.get(operator);
  const accepts =
    rule && (rule.columnTypes === undefined || rule.columnTypes.includes(columnType(attribute)));
  if (accepts) return;
  throw invalidFetchXml(
    `The condition operator '${operator}' is not valid for '${attribute.logicalName}'.`,
    '0x80041120',
  );
}

/** The type of a column as the operators of FetchXML distinguish them. */
function columnType(attribute: Attribute): FetchXmlColumnType {
  if (isText(attribute)) return 'string';
  if (isLookup(attribute)) return 'lookup';
  switch (attribute.type) {
    case 'Uniqueidentifier':
      return 'uuid';
    case 'DateTime':
      return attribute.dateOnly ? 'date' : 'date-time';
    case 'MultiSelectPicklist':
      return 'choices';
    default:
      return 'other';
  }
}

const toODataFunctionName = (operator: string): string =>
  irregularNames[operator] ??
  operator.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
