import { suggest } from '../../errors/suggest.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { AggregateItem, AggregateMethod, ApplyStep, ParameterAliases, ParseResult } from './ast.ts';
import { readList } from './parse-columns.ts';
import { readFilter } from './parse-filter.ts';
import { type ParserCursor, parseWhole } from './parser-cursor.ts';
import { readIdentifier, readPath } from './read-operand.ts';

const methods: readonly string[] = [
  'sum',
  'min',
  'max',
  'average',
  'countdistinct',
] satisfies AggregateMethod[];

/**
 * Parses a decoded `$apply`: `filter(statecode eq 0)/groupby((statuscode),aggregate($count as total))`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data
 */
export function parseApply(text: string, aliases?: ParameterAliases): ParseResult<readonly ApplyStep[]> {
  return parseWhole(text, readApply, aliases);
}

function readApply(cursor: ParserCursor): readonly ApplyStep[] {
  const steps: ApplyStep[] = [];
  do steps.push(readStep(cursor));
  while (cursor.accept('/'));
  return steps;
}

function readStep(cursor: ParserCursor): ApplyStep {
  const first = cursor.peek();
  if (cursor.isNext('filter')) {
    const filter = readInParentheses(cursor, () => readFilter(cursor));
    return { kind: 'filter', filter, ...cursor.spanFrom(first) };
  }
  if (cursor.isNext('aggregate')) {
    return { kind: 'aggregate', items: readAggregate(cursor), ...cursor.spanFrom(first) };
  }
  if (cursor.isNext('groupby')) return readGroupBy(cursor);
  const fix = first.text === 'orderby' ? 'Use $orderby next to $apply, with a grouped column.' : undefined;
  return cursor.failExpected('filter, groupby or aggregate', fix);
}

function readGroupBy(cursor: ParserCursor): ApplyStep {
  const first = cursor.peek();
  const step = readInParentheses(cursor, () => {
    const open = cursor.peek();
    if (!cursor.accept('(')) cursor.failExpected('"("', 'Write groupby((column)).');
    const paths = readList(cursor, () => readPath(cursor));
    cursor.expectClosing(open);
    const aggregate = cursor.accept(',') ? readAggregate(cursor) : undefined;
    return omitUndefined({ kind: 'groupby' as const, paths, aggregate });
  });
  return { ...step, ...cursor.spanFrom(first) };
}

function readAggregate(cursor: ParserCursor): readonly AggregateItem[] {
  if (!cursor.isNext('aggregate')) cursor.failExpected('aggregate');
  return readInParentheses(cursor, () => readList(cursor, () => readAggregateItem(cursor)));
}

function readAggregateItem(cursor: ParserCursor): AggregateItem {
  const first = cursor.peek();
  if (cursor.accept('$count')) return { method: 'count', as: readAs(cursor), ...cursor.spanFrom(first) };
  const path = readPath(cursor);
  cursor.expect('with');
  const method = readMethod(cursor);
  return { path, method, as: readAs(cursor), ...cursor.spanFrom(first) };
}

function readMethod(cursor: ParserCursor): AggregateMethod {
  const { text } = cursor.peek();
  if (methods.includes(text)) return cursor.next().text as AggregateMethod;
  const near = suggest(text, methods, 1)[0];
  return cursor.failExpected(methods.join(', '), near && `Did you mean ${near}?`);
}

function readAs(cursor: ParserCursor): string {
  cursor.expect('as');
  return readIdentifier(cursor);
}

/** Reads a keyword and the content of its parentheses: `groupby(…)`. */
function readInParentheses<T>(cursor: ParserCursor, read: () => T): T {
  cursor.next();
  const open = cursor.peek();
  cursor.expect('(');
  const value = read();
  cursor.expectClosing(open);
  return value;
}
