import { crmNamespace, type QueryFunction } from 'dynamics365-connector/odata';
import { isLookup } from '../../model/attribute.ts';
import type { TableModel } from '../../model/types.ts';
import { DataverseError, invalidArgument, invalidQuery } from '../errors.ts';
import { literalText, toComparableValue } from './comparable-value.ts';
import {
  bindSingleValue,
  bindUserId,
  bindValue,
  bindValues,
  type FunctionCall,
  readDateTimeOperand,
  readIntegerOperand,
  timeRangeSql,
} from './function-operands.ts';
import type { TableScope } from './scope.ts';
import { dayRange, fiscalRange, timeRanges } from './time-range.ts';
import {
  roleBusinessUnitsSql,
  rowHierarchySql,
  userBusinessUnitSql,
  userHierarchySql,
  userTeamsSql,
} from './user-hierarchy.ts';

/** A query function as SQL, for example `Microsoft.Dynamics.CRM.Between(PropertyName='revenue',PropertyValues=["5","20"])`. */
export function functionFilterSql(filter: QueryFunction, scope: TableScope, negated: boolean): string {
  const column = scope.column(filter.path.segments, { allowLogicalName: true });
  const found = functionCallSql({ name: filter.name, column, values: filter.values.map(literalText), scope });
  return negated ? `coalesce(NOT ${found}, 1)` : found;
}

/** A query function as SQL, by its OData name. The operators of FetchXML are translated to these functions. */
export function functionCallSql(call: FunctionCall): string {
  const { name, scope } = call;
  const findRange = Object.hasOwn(timeRanges, name) ? timeRanges[name] : undefined;
  if (findRange) {
    const x = name.includes('X') ? readIntegerOperand(call, 0) : 0;
    return `(${timeRangeSql(call, findRange(scope.compilation.nowMs, x))})`;
  }
  const buildSql = Object.hasOwn(functionSqlByName, name) ? functionSqlByName[name] : undefined;
  if (!buildSql) throw invalidQuery(`An unknown function with name '${crmNamespace}${name}' was found.`);
  return `(${buildSql(call)})`;
}

const functionSqlByName: Readonly<Record<string, (call: FunctionCall) => string>> = {
  In: (call) => `${call.column.sql} IN (${bindValues(call)})`,
  NotIn: (call) => `${call.column.sql} NOT IN (${bindValues(call)}) OR ${call.column.sql} IS NULL`,
  Between: (call) => betweenSql(call),
  NotBetween: (call) => `NOT (${betweenSql(call)}) OR ${call.column.sql} IS NULL`,
  Contains: refuseContains,
  ContainValues: containValuesSql,
  DoesNotContainValues: (call) => `NOT coalesce(${containValuesSql(call)}, 0)`,

  On: (call) => timeRangeSql(call, dayRange(readDateTimeOperand(call))),
  OnOrAfter: (call) => timeRangeSql(call, { from: dayRange(readDateTimeOperand(call)).from }),
  OnOrBefore: (call) => timeRangeSql(call, { before: dayRange(readDateTimeOperand(call)).before }),
  InFiscalYear: (call) => timeRangeSql(call, fiscalRange(readIntegerOperand(call, 0))),
  InFiscalPeriod: fiscalPeriodSql,
  InFiscalPeriodAndYear: (call) =>
    timeRangeSql(call, fiscalRange(readIntegerOperand(call, 1), readIntegerOperand(call, 0))),
  InOrAfterFiscalPeriodAndYear: (call) =>
    timeRangeSql(call, { from: fiscalRange(readIntegerOperand(call, 1), readIntegerOperand(call, 0)).from }),
  InOrBeforeFiscalPeriodAndYear: (call) =>
    timeRangeSql(call, {
      before: fiscalRange(readIntegerOperand(call, 1), readIntegerOperand(call, 0)).before,
    }),

  EqualUserId: (call) => `${call.column.sql} = ${bindUserId(call)}`,
  NotEqualUserId: (call) => `${call.column.sql} IS NOT ${bindUserId(call)}`,
  EqualBusinessId: (call) => `${call.column.sql} = (${userBusinessUnitSql(bindUserId(call))})`,
  NotEqualBusinessId: (call) => `${call.column.sql} IS NOT (${userBusinessUnitSql(bindUserId(call))})`,
  EqualRoleBusinessId: (call) => `${call.column.sql} IN (${roleBusinessUnitsSql(bindUserId(call))})`,
  EqualUserTeams: (call) => `${call.column.sql} IN (${userTeamsSql(bindUserId(call))})`,
  EqualUserOrUserTeams: (call) =>
    `${call.column.sql} = ${bindUserId(call)} OR ${call.column.sql} IN (${userTeamsSql(bindUserId(call))})`,
  EqualUserOrUserHierarchy: (call) => `${call.column.sql} IN (${userHierarchySql(bindUserId(call))})`,
  EqualUserOrUserHierarchyAndTeams: (call) =>
    `${call.column.sql} IN (${userHierarchySql(bindUserId(call))}) OR ${call.column.sql} IN (${userTeamsSql(bindUserId(call))})`,
  EqualUserLanguage: (call) => `${call.column.sql} = 1033`,

  Above: (call) => `${call.column.sql} IN (${hierarchySql(call, 'above')})`,
  AboveOrEqual: (call) =>
    `${call.column.sql} = ${bindSingleValue(call)} OR ${call.column.sql} IN (${hierarchySql(call, 'above')})`,
  Under: (call) => `${call.column.sql} IN (${hierarchySql(call, 'under')})`,
  UnderOrEqual: (call) =>
    `${call.column.sql} = ${bindSingleValue(call)} OR ${call.column.sql} IN (${hierarchySql(call, 'under')})`,
  NotUnder: (call) => `${call.column.sql} NOT IN (${hierarchySql(call, 'under')})`,
};

function betweenSql(call: FunctionCall): string {
  if (call.values.length !== 2) {
    throw invalidArgument(
      `The condition operator '${call.name}' requires two values. Found ${call.values.length}.`,
    );
  }
  const [low, high] = call.values.map((text) => bindValue(call, text));
  return `${call.column.sql} >= ${low} AND ${call.column.sql} <= ${high}`;
}

/**
 * No column of the sandbox has a full-text index.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/contains
 */
function refuseContains(): never {
  const message = 'Unknown Condition Operator: Contains. FetchXml does not support it';
  throw new DataverseError(400, '0x80041120', message);
}

/** Choices are stored as `1,2`. */
function containValuesSql(call: FunctionCall): string {
  const { attribute } = call.column;
  if (attribute.type !== 'MultiSelectPicklist') {
    throw invalidArgument(
      `The specified condition operator '${call.name}' is not valid for attribute '${attribute.logicalName}' of type '${attribute.type}'.`,
    );
  }
  const any = call.values.map((value) => {
    const sign = call.scope.compilation.bind(`,${value.trim()},`);
    return `instr(',' || ${call.column.sql} || ',', ${sign}) > 0`;
  });
  return `(${any.join(' OR ') || '0'})`;
}

function fiscalPeriodSql(call: FunctionCall): string {
  const period = call.scope.compilation.bind(readIntegerOperand(call, 0));
  return `(CAST(substr(${call.column.sql}, 6, 2) AS INTEGER) + 2) / 3 = CAST(${period} AS INTEGER)`;
}

/** The rows above or under a row, along the parent lookups of its tables. A lookup can reference several tables. */
function hierarchySql(call: FunctionCall, direction: 'above' | 'under'): string {
  const { model } = call.scope.compilation;
  const { attribute, table } = call.column;
  const tables = isLookup(attribute)
    ? (attribute.targets ?? []).flatMap((target) => model.table(target.table) ?? [])
    : [table];
  const id = toComparableValue(call.values[0] ?? '', attribute);
  const hierarchies = tables.flatMap((each) => {
    const parent = findParentLookup(each);
    if (parent === undefined || typeof id !== 'string') return [];
    const hierarchy = { table: each.logicalName, key: each.primaryId, parent, id };
    return [rowHierarchySql(hierarchy, direction, call.scope.compilation)];
  });
  if (hierarchies.length === 0)
    throw invalidArgument(`The column '${attribute.logicalName}' does not belong to a hierarchy.`);
  return hierarchies.map((sql) => `SELECT id FROM (${sql})`).join(' UNION ');
}

/** The lookup of a table to the parents of its rows: `parentaccountid`. */
export const findParentLookup = (table: TableModel): string | undefined =>
  table.attributes.find(
    ({ logicalName, targets }) =>
      logicalName.startsWith('parent') && targets?.length === 1 && targets[0]?.table === table.logicalName,
  )?.logicalName;
