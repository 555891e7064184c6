import { suggest } from '../../errors/suggest.ts';
import type { AggregateItem, AggregateMethod, Aliases, ApplyStep, Parsed } from './ast.ts';
import { readItems } from './columns.ts';
import { type Cursor, parseWhole } from './cursor.ts';
import { readFilter } from './filter.ts';
import { readName, readPath } from './operands.ts';

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
export function parseApply(text: string, aliases?: Aliases): Parsed<readonly ApplyStep[]> {
  return parseWhole(text, readApply, aliases);
}

function readApply(cursor: Cursor): readonly ApplyStep[] {
  const steps: ApplyStep[] = [];
  do steps.push(readStep(cursor));
  while (cursor.take('/'));
  return steps;
}

function readStep(cursor: Cursor): ApplyStep {
  const first = cursor.peek();
  if (cursor.at('filter')) {
    const filter = readInParentheses(cursor, () => readFilter(cursor));
    return { kind: 'filter', filter, ...cursor.spanFrom(first) };
  }
  if (cursor.at('aggregate')) {
    return { kind: 'aggregate', items: readAggregate(cursor), ...cursor.spanFrom(first) };
  }
  if (cursor.at('groupby')) return readGroupBy(cursor);
  const fix = first.text === 'orderby' ? 'Use $orderby beside $apply, over a grouped column.' : undefined;
  return cursor.failExpecting('filter, groupby or aggregate', fix);
}

function readGroupBy(cursor: Cursor): ApplyStep {
  const first = cursor.peek();
  const step = readInParentheses(cursor, () => {
    const open = cursor.peek();
    if (!cursor.take('(')) cursor.failExpecting('"("', 'Write groupby((column)).');
    const paths = readItems(cursor, () => readPath(cursor));
    cursor.close(open);
    const aggregate = cursor.take(',') ? { aggregate: readAggregate(cursor) } : {};
    return { kind: 'groupby', paths, ...aggregate } as const;
  });
  return { ...step, ...cursor.spanFrom(first) };
}

function readAggregate(cursor: Cursor): readonly AggregateItem[] {
  if (!cursor.at('aggregate')) cursor.failExpecting('aggregate');
  return readInParentheses(cursor, () => readItems(cursor, () => readAggregateItem(cursor)));
}

function readAggregateItem(cursor: Cursor): AggregateItem {
  const first = cursor.peek();
  if (cursor.take('$count')) return { method: 'count', as: readAs(cursor), ...cursor.spanFrom(first) };
  const path = readPath(cursor);
  cursor.expect('with');
  const method = readMethod(cursor);
  return { path, method, as: readAs(cursor), ...cursor.spanFrom(first) };
}

function readMethod(cursor: Cursor): AggregateMethod {
  const { text } = cursor.peek();
  if (methods.includes(text)) return cursor.next().text as AggregateMethod;
  const near = suggest(text, methods, 1)[0];
  return cursor.failExpecting(methods.join(', '), near && `Did you mean ${near}?`);
}

function readAs(cursor: Cursor): string {
  cursor.expect('as');
  return readName(cursor);
}

/** A word and its parentheses: `groupby(…)`. */
function readInParentheses<T>(cursor: Cursor, read: () => T): T {
  cursor.next();
  const open = cursor.peek();
  cursor.expect('(');
  const value = read();
  cursor.close(open);
  return value;
}
