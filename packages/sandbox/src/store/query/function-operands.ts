import { fromEpochMs } from '../date-time.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import { findValueFamily, toComparableValue } from './comparable-value.ts';
import type { ScopedColumn, TableScope } from './scope.ts';
import type { TimeRange } from './time-range.ts';

/** The maximum number of values in one condition. */
const maxValues = 2000;

/** The supported times: the years 1 to 9999. */
const minDateTimeMs = Date.parse('0001-01-01T00:00:00Z');
const maxDateTimeMs = Date.parse('9999-12-31T23:59:59Z');

/** A call of a query function on a column, with its values as text. */
export interface FunctionCall {
  readonly name: string;
  readonly column: ScopedColumn;
  readonly values: readonly string[];
  readonly scope: TableScope;
}

/** Binds the id of the current user. */
export const bindUserId = ({ scope: { compilation } }: FunctionCall): string =>
  compilation.bind(compilation.actor.userId.toLowerCase());

/** Binds a value in the form in which the column is compared. */
export function bindValue(call: FunctionCall, text: string): string {
  const value = toComparableValue(text, call.column.attribute);
  if (value === undefined) {
    throw invalidArgument(
      `The value passed to '${call.name}' does not fit the column '${call.column.attribute.logicalName}'.`,
    );
  }
  return call.scope.compilation.bind(value);
}

/** Binds all values. */
export function bindValues(call: FunctionCall): string {
  if (call.values.length > maxValues) {
    throw new DataverseError(
      400,
      '0x8004430e',
      'Number of parameters in a condition exceeded maximum limit.',
    );
  }
  return call.values.map((text) => bindValue(call, text)).join(', ');
}

/** Binds the single value of a function. */
export const bindSingleValue = (call: FunctionCall): string => bindValue(call, call.values[0] ?? '');

/** A value that must be an integer. */
export function readIntegerOperand(call: FunctionCall, index: number): number {
  const text = call.values[index] ?? '';
  if (!/^-?\d{1,6}$/.test(text)) {
    throw invalidArgument(`The condition operator '${call.name}' requires a whole number. Found '${text}'.`);
  }
  return Number(text);
}

/** The first value as a time in milliseconds since the epoch. */
export function readDateTimeOperand(call: FunctionCall): number {
  const text = call.values[0] ?? '';
  const ms = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(ms)) throw invalidArgument(`The condition operator '${call.name}' requires a date.`);
  return ms;
}

/** A time range as SQL. A date-only column is compared by days. */
export function timeRangeSql(call: FunctionCall, range: TimeRange): string {
  const { column, scope, name } = call;
  if (findValueFamily(column.attribute) !== 'dateTime') {
    throw invalidArgument(
      `The specified condition operator '${name}' is not valid for attribute '${column.attribute.logicalName}' of type '${column.attribute.type}'.`,
    );
  }
  const bindLimit = (ms: number) => {
    if (!(ms >= minDateTimeMs && ms <= maxDateTimeMs)) {
      throw invalidArgument(`The condition operator '${name}' leads to a date outside the years 1 to 9999.`);
    }
    return scope.compilation.bind(fromEpochMs(ms).slice(0, column.attribute.dateOnly ? 10 : 19));
  };
  const parts = [
    range.from !== undefined && `${column.sql} >= ${bindLimit(range.from)}`,
    range.before !== undefined && `${column.sql} < ${bindLimit(range.before)}`,
    range.upTo !== undefined && `${column.sql} <= ${bindLimit(range.upTo)}`,
  ];
  return parts.filter(Boolean).join(' AND ');
}
