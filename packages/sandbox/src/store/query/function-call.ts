import type { QueryFunction } from 'dynamics365-connector/odata';
import { isLookup } from '../../model/attribute.ts';
import type { TableModel } from '../../model/types.ts';
import { badArgument, badQuery } from '../refusal.ts';
import { bound, boundList, type Call, momentOf, one, user, wholeNumber, within } from './call.ts';
import { comparableText, textOf } from './literal.ts';
import { businessUnitOfUser, hierarchyOfRow, hierarchyOfUser, teamsOfUser } from './people.ts';
import type { Scope } from './scope.ts';
import { dayOf, fiscalRange, timeRanges } from './time-range.ts';

/** `Microsoft.Dynamics.CRM.Between(PropertyName='revenue',PropertyValues=["5","20"])` as SQL. */
export function functionCall(filter: QueryFunction, scope: Scope, negated: boolean): string {
  const column = scope.column(filter.path.segments, 'or logical name');
  const found = callCondition({ name: filter.name, column, values: filter.values.map(textOf), scope });
  return negated ? `coalesce(NOT ${found}, 1)` : found;
}

/** One query function by its OData name; FetchXML's operators are translated to these. */
export function callCondition(call: Call): string {
  const meaning = timeRanges[call.name]
    ? nowRange
    : Object.hasOwn(meanings, call.name)
      ? meanings[call.name]
      : undefined;
  if (!meaning)
    throw badQuery(`An unknown function with name 'Microsoft.Dynamics.CRM.${call.name}' was found.`);
  return `(${meaning(call)})`;
}

const nowRange = (call: Call): string => {
  const x = call.name.includes('X') ? wholeNumber(call, 0) : 0;
  return within(call, timeRanges[call.name]!(call.scope.compilation.nowMs, x));
};

const meanings: Readonly<Record<string, (call: Call) => string>> = {
  In: (call) => `${call.column.sql} IN (${boundList(call)})`,
  NotIn: (call) => `${call.column.sql} NOT IN (${boundList(call)}) OR ${call.column.sql} IS NULL`,
  Between: (call) => between(call),
  NotBetween: (call) => `NOT (${between(call)}) OR ${call.column.sql} IS NULL`,
  ContainValues: containValues,
  DoesNotContainValues: (call) => `NOT coalesce(${containValues(call)}, 0)`,

  On: (call) => within(call, dayOf(momentOf(call))),
  OnOrAfter: (call) => within(call, { from: dayOf(momentOf(call)).from! }),
  OnOrBefore: (call) => within(call, { before: dayOf(momentOf(call)).before! }),
  InFiscalYear: (call) => within(call, fiscalRange(wholeNumber(call, 0))),
  InFiscalPeriod: inFiscalPeriod,
  InFiscalPeriodAndYear: (call) => within(call, fiscalRange(wholeNumber(call, 1), wholeNumber(call, 0))),
  InOrAfterFiscalPeriodAndYear: (call) =>
    within(call, { from: fiscalRange(wholeNumber(call, 1), wholeNumber(call, 0)).from! }),
  InOrBeforeFiscalPeriodAndYear: (call) =>
    within(call, { before: fiscalRange(wholeNumber(call, 1), wholeNumber(call, 0)).before! }),

  EqualUserId: (call) => `${call.column.sql} = ${user(call)}`,
  NotEqualUserId: (call) => `${call.column.sql} IS NOT ${user(call)}`,
  EqualBusinessId: (call) => `${call.column.sql} = (${businessUnitOfUser(user(call))})`,
  NotEqualBusinessId: (call) => `${call.column.sql} IS NOT (${businessUnitOfUser(user(call))})`,
  EqualUserTeams: (call) => `${call.column.sql} IN (${teamsOfUser(user(call))})`,
  EqualUserOrUserTeams: (call) =>
    `${call.column.sql} = ${user(call)} OR ${call.column.sql} IN (${teamsOfUser(user(call))})`,
  EqualUserOrUserHierarchy: (call) => `${call.column.sql} IN (${hierarchyOfUser(user(call))})`,
  EqualUserOrUserHierarchyAndTeams: (call) =>
    `${call.column.sql} IN (${hierarchyOfUser(user(call))}) OR ${call.column.sql} IN (${teamsOfUser(user(call))})`,
  EqualUserLanguage: (call) => `${call.column.sql} = 1033`,

  Above: (call) => `${call.column.sql} IN (${line(call, 'above')})`,
  AboveOrEqual: (call) =>
    `${call.column.sql} = ${one(call)} OR ${call.column.sql} IN (${line(call, 'above')})`,
  Under: (call) => `${call.column.sql} IN (${line(call, 'under')})`,
  UnderOrEqual: (call) =>
    `${call.column.sql} = ${one(call)} OR ${call.column.sql} IN (${line(call, 'under')})`,
  NotUnder: (call) => `${call.column.sql} NOT IN (${line(call, 'under')})`,
};

function between(call: Call): string {
  if (call.values.length !== 2) {
    throw badArgument(
      `The condition operator '${call.name}' requires two values. Found ${call.values.length}.`,
    );
  }
  const [low, high] = call.values.map((text) => bound(call, text));
  return `${call.column.sql} >= ${low} AND ${call.column.sql} <= ${high}`;
}

/** Choices are kept as `1,2`. */
function containValues(call: Call): string {
  const any = call.values.map((value) => {
    const sign = call.scope.compilation.bind(`,${value.trim()},`);
    return `instr(',' || ${call.column.sql} || ',', ${sign}) > 0`;
  });
  return `(${any.join(' OR ') || '0'})`;
}

function inFiscalPeriod(call: Call): string {
  const period = call.scope.compilation.bind(wholeNumber(call, 0));
  return `(CAST(substr(${call.column.sql}, 6, 2) AS INTEGER) + 2) / 3 = CAST(${period} AS INTEGER)`;
}

/** The rows above or under the one that is named, along the table's own parent lookup. */
function line(call: Call, direction: 'above' | 'under'): string {
  const { model } = call.scope.compilation;
  const { attribute, table } = call.column;
  const target = isLookup(attribute) ? model.table(attribute.targets?.[0]?.table ?? '') : table;
  const parent = target && parentLookup(target);
  const id = comparableText(call.values[0] ?? '', attribute);
  if (!parent || typeof id !== 'string') {
    throw badArgument(`The column '${attribute.logicalName}' has no hierarchy to look along.`);
  }
  const hierarchy = { table: target.logicalName, key: target.primaryId, parent, id };
  return hierarchyOfRow(hierarchy, direction, call.scope.compilation);
}

const parentLookup = (table: TableModel): string | undefined =>
  table.attributes.find(
    ({ logicalName, targets }) =>
      logicalName.startsWith('parent') && targets?.length === 1 && targets[0]!.table === table.logicalName,
  )?.logicalName;
