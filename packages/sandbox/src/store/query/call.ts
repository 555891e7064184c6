import { fromMillis } from '../moment.ts';
import { badArgument, StoreRefusal } from '../refusal.ts';
import { comparableText, familyOf } from './literal.ts';
import type { Column, Scope } from './scope.ts';
import type { TimeRange } from './time-range.ts';

/** Dataverse takes no more values than this in one condition. */
const mostValues = 2000;

/** The years 1 to 9999. */
const firstMoment = Date.parse('0001-01-01T00:00:00Z');
const lastMoment = Date.parse('9999-12-31T23:59:59Z');

/** A query function on a column: the texts it was given, and where it stands. */
export interface Call {
  readonly name: string;
  readonly column: Column;
  readonly values: readonly string[];
  readonly scope: Scope;
}

/** The asking user's id, bound. */
export const user = ({ scope: { compilation } }: Call): string =>
  compilation.bind(compilation.actor.userId.toLowerCase());

/** A value of the call, bound as its column is compared. */
export function bound(call: Call, text: string): string {
  const value = comparableText(text, call.column.attribute);
  if (value === undefined) {
    throw badArgument(
      `The value passed to '${call.name}' does not fit the column '${call.column.attribute.logicalName}'.`,
    );
  }
  return call.scope.compilation.bind(value);
}

/** All values, bound. */
export function boundList(call: Call): string {
  if (call.values.length > mostValues) {
    throw new StoreRefusal('0x8004430e', 400, 'Number of parameters in a condition exceeded maximum limit.');
  }
  return call.values.map((text) => bound(call, text)).join(', ');
}

/** The single value of a function. */
export const one = (call: Call): string => bound(call, call.values[0] ?? '');

/** A value that must be a whole number. */
export function wholeNumber(call: Call, index: number): number {
  const text = call.values[index] ?? '';
  if (!/^-?\d{1,6}$/.test(text)) {
    throw badArgument(`The condition operator '${call.name}' requires a whole number. Found '${text}'.`);
  }
  return Number(text);
}

/** The value as a moment, in milliseconds. */
export function momentOf(call: Call): number {
  const text = call.values[0] ?? '';
  const ms = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(ms)) throw badArgument(`The condition operator '${call.name}' requires a date.`);
  return ms;
}

/** A stretch of time as SQL; a date-only column is compared by days. */
export function within(call: Call, range: TimeRange): string {
  const { column, scope, name } = call;
  if (familyOf(column.attribute) !== 'moment') {
    throw badArgument(
      `The specified condition operator '${name}' is not valid for attribute '${column.attribute.logicalName}' of type '${column.attribute.type}'.`,
    );
  }
  const edge = (ms: number) => {
    if (!(ms >= firstMoment && ms <= lastMoment)) {
      throw badArgument(`The condition operator '${name}' reaches beyond the calendar.`);
    }
    return scope.compilation.bind(fromMillis(ms).slice(0, column.attribute.dateOnly ? 10 : 19));
  };
  const parts = [
    range.from !== undefined && `${column.sql} >= ${edge(range.from)}`,
    range.before !== undefined && `${column.sql} < ${edge(range.before)}`,
    range.upTo !== undefined && `${column.sql} <= ${edge(range.upTo)}`,
  ];
  return parts.filter(Boolean).join(' AND ');
}
