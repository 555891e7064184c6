import { isLookup, isText } from '../../model/attribute.ts';
import { compareWith } from '../query/comparison.ts';
import { callCondition } from '../query/function-call.ts';
import { like } from '../query/like.ts';
import { comparableText } from '../query/literal.ts';
import type { Column, Scope } from '../query/scope.ts';
import { badFetch } from './xml.ts';

const comparisons = {
  eq: 'eq',
  ne: 'ne',
  neq: 'ne',
  gt: 'gt',
  ge: 'ge',
  lt: 'lt',
  le: 'le',
} as const;

/** Patterns that an operator makes of its value. */
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

/** Operators whose OData name is not simply theirs in capitals. */
const otherNames: Readonly<Record<string, string>> = {
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

/** A condition's operator on a column, as SQL. */
export function operatorSql(
  { operator, column, values }: { operator: string; column: Column; values: readonly string[] },
  scope: Scope,
): string {
  if (operator === 'null') return `${column.sql} IS NULL`;
  if (operator === 'not-null') return `${column.sql} IS NOT NULL`;
  if (Object.hasOwn(comparisons, operator)) {
    return compareText(comparisons[operator as keyof typeof comparisons], column, { values, scope });
  }
  const positive = negatedPatterns[operator] ?? operator;
  const pattern = patterns[positive];
  if (pattern && isText(column.attribute)) {
    const matches = like(column, pattern(values[0] ?? ''), scope.compilation);
    return positive === operator ? matches : `coalesce(NOT ${matches}, 1)`;
  }
  return callCondition({ name: odataName(operator, column), column, values, scope });
}

function compareText(
  operator: (typeof comparisons)[keyof typeof comparisons],
  column: Column,
  { values, scope }: { values: readonly string[]; scope: Scope },
): string {
  const value = comparableText(asName(values[0] ?? '', column, scope), column.attribute);
  if (value !== undefined) return compareWith(operator, column.sql, scope.compilation.bind(value));
  const { logicalName, type } = column.attribute;
  throw badFetch(
    `The value '${values[0] ?? ''}' is not valid for the attribute '${logicalName}' of type ${type}.`,
    '0x80041139',
  );
}

/** Columns that hold a table's name may also be asked by its object type code. */
function asName(value: string, { attribute }: Column, { compilation }: Scope): string {
  if (attribute.type !== 'EntityName' || !/^\d+$/.test(value)) return value;
  const tables = [...compilation.model.tables.values()];
  return tables.find(({ typeCode }) => `${typeCode}` === value)?.logicalName ?? value;
}

function odataName(operator: string, { attribute }: Column): string {
  const name =
    otherNames[operator] ?? operator.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const known = /^[a-z-]+$/.test(operator) && !isMisplaced(operator);
  if (known) return name;
  throw badFetch(
    `The condition operator '${operator}' is not valid for '${attribute.logicalName}'.`,
    '0x80041120',
  );

  function isMisplaced(text: string): boolean {
    return text in patterns || text in negatedPatterns || (isLookup(attribute) && text.includes('-x-'));
  }
}
