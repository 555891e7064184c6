import { fromEpochMs } from '../date-time.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import { findValueFamily, toComparableValue } from './comparable-value.ts';
import type { ScopedColumn, TableScope } from './scope.ts';
import type { TimeRange } from './time-range.ts';

/** Dataverse takes no more values than this in one condition. */
const maxValues = 2000;

/** The years 1 to 9999. */
const minDateTimeMs = Date.parse('0001-01-01T00:00:00Z');
const maxDateTimeMs = Date.parse('9999-12-31T23:59:59Z');

/** A query function on a column: the texts it was given, and where it stands. */
export interface FunctionCall {
  readonly name: string;
  readonly column: ScopedColumn;
  readonly values: readonly string[];
  readonly scope: TableScope;
}

/** The asking user's id, bound. */
export const bindUserId = ({ scope: { compilation } }: FunctionCall): string =>
  compilation.bind(compilation.actor.userId.toLowerCase());

/** A value of the call, bound as its column is compared. */
export function bindValue(call: FunctionCall, text: string): string {
  const value = toComparableValue(text, call.column.attribute);
  if (value === undefined) {
    throw invalidArgument(
      `The value passed to '${call.name}' does not fit the column '${call.column.attribute.logicalName}'.`,
    );
  }
  return call.scope.compilation.bind(value);
}

/** All values, bound. */
export function bindValues(call: FunctionCall): string {
  if (call.values.length > maxValues) {
    throw new DataverseError(
      '0x8004430e',
      400,
      'Number of parameters in a condition exceeded maximum limit.',
    );
  }
  return call.values.map((text) => bindValue(call, text)).join(', ');
}

/** The single value of a function. */
export const bindSingleValue = (call: FunctionCall): string => bindValue(call, call.values[0] ?? '');

/** A value that must be a whole number. */
export function readIntegerOperand(call: FunctionCall, index: number): number {
  const text = call.values[index] ?? '';
  if (!/^-?\d{1,6}$/.test(text)) {
    throw invalidArgument(`The condition operator '${call.name}' requires a whole number. Found '${text}'.`);
  }
  return Number(text);
}

/** The value as a moment, in milliseconds. */
export function readDateTimeOperand(call: FunctionCall): number {
  const text = call.values[0] ?? '';
  const ms = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(ms)) throw invalidArgument(`The condition operator '${call.name}' requires a date.`);
  return ms;
}

/** A stretch of time as SQL; a date-only column is compared by days. */
export function timeRangeSql(call: FunctionCall, range: TimeRange): string {
  const { column, scope, name } = call;
  if (findValueFamily(column.attribute) !== 'moment') {
    throw invalidArgument(
      `The specified condition operator '${name}' is not valid for attribute '${column.attribute.logicalName}' of type '${column.attribute.type}'.`,
    );
  }
  const edge = (ms: number) => {
    if (!(ms >= minDateTimeMs && ms <= maxDateTimeMs)) {
      throw invalidArgument(`The condition operator '${name}' reaches beyond the calendar.`);
    }
    return scope.compilation.bind(fromEpochMs(ms).slice(0, column.attribute.dateOnly ? 10 : 19));
  };
  const parts = [
    range.from !== undefined && `${column.sql} >= ${edge(range.from)}`,
    range.before !== undefined && `${column.sql} < ${edge(range.before)}`,
    range.upTo !== undefined && `${column.sql} <= ${edge(range.upTo)}`,
  ];
  return parts.filter(Boolean).join(' AND ');
}
