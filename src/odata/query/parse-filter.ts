import { suggest } from '../../errors/suggest.ts';
import type {
  Comparison,
  ComparisonOperator,
  Filter,
  Operand,
  ParameterAliases,
  ParseResult,
} from './ast.ts';
import { type ParserCursor, parseWhole } from './parser-cursor.ts';
import { readCall } from './read-call.ts';
import { readOperand } from './read-operand.ts';

const operators: ReadonlySet<string> = new Set<ComparisonOperator>(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);

/** Operators of other languages -> the fix. */
const otherDialectOperators: Readonly<Record<string, string>> = {
  '=': 'Write eq.',
  '!': 'Write ne.',
  '<': 'Write lt or le.',
  '>': 'Write gt or ge.',
  in: `Write Microsoft.Dynamics.CRM.In(PropertyName='column',PropertyValues=["a","b"]).`,
  has: 'Write Microsoft.Dynamics.CRM.ContainValues(…).',
  like: "Write contains(column,'text').",
};

/**
 * Parses a decoded `$filter`. With `aliases`, a parameter alias is replaced by its value, or by null if it has none (as in
 * Dataverse); without them, an alias is an error.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows
 */
export function parseFilter(text: string, aliases?: ParameterAliases): ParseResult<Filter> {
  const read = (cursor: ParserCursor) => {
    const filter = readFilter(cursor);
    return cursor.peek().kind === 'end' ? filter : cursor.failExpected('"and", "or" or the end');
  };
  return parseWhole(text, read, aliases);
}

/** Reads a condition. `not` binds tighter than `and`, and `and` tighter than `or`. */
export function readFilter(cursor: ParserCursor): Filter {
  return readChain(cursor, 'or', () => readChain(cursor, 'and', () => readTerm(cursor)));
}

function readChain(cursor: ParserCursor, kind: 'and' | 'or', readOne: () => Filter): Filter {
  const first = cursor.peek();
  const terms: (Filter | undefined)[] = [];
  do terms.push(cursor.attempt(['and', 'or'], readOne));
  while (cursor.accept(kind));
  // A term that could not be parsed has been reported, so this tree is never returned to the caller.
  const parsed = terms.filter((term) => term !== undefined);
  const [only] = parsed;
  return only !== undefined && parsed.length === 1
    ? only
    : { kind, terms: parsed, ...cursor.spanFrom(first) };
}

function readTerm(cursor: ParserCursor): Filter {
  if (cursor.isNext('not')) return cursor.nested(() => readNot(cursor));
  if (cursor.isNext('(')) return cursor.nested(() => readGroup(cursor));
  const first = cursor.peek();
  return readCall(cursor, readFilter) ?? readComparison(cursor, readOperand(cursor), first.start);
}

function readNot(cursor: ParserCursor): Filter {
  const first = cursor.next();
  const inParentheses = cursor.isNext('(');
  const term = readTerm(cursor);
  if (term.kind === 'compare' && !inParentheses) {
    cursor.report('"not" binds tighter than a comparison.', {
      at: term,
      fix: 'Put the comparison in parentheses.',
    });
  }
  return { kind: 'not', term, ...cursor.spanFrom(first) };
}

function readGroup(cursor: ParserCursor): Filter {
  const open = cursor.next();
  const filter = readFilter(cursor);
  cursor.expectClosing(open);
  return filter;
}

function readComparison(cursor: ParserCursor, left: Operand, start: number): Comparison {
  const operator = readOperator(cursor, left);
  const right = readOperand(cursor);
  return { kind: 'compare', operator, left, right, start, end: right.end };
}

function readOperator(cursor: ParserCursor, left: Operand): ComparisonOperator {
  const token = cursor.peek();
  if (token.kind === 'word' && operators.has(token.text)) return cursor.next().text as ComparisonOperator;
  if (token.kind === 'end' || token.text === 'and' || token.text === 'or' || token.text === ')') {
    const fix = left.kind === 'path' ? `Write ${left.segments.join('/')} eq true.` : undefined;
    return cursor.fail('A comparison is missing: a value alone is not a condition.', { at: left, fix });
  }
  const near = token.kind === 'word' ? suggest(token.text, operators, 1)[0] : undefined;
  const fix = otherDialectOperators[token.text.toLowerCase()] ?? (near && `Write ${near}.`);
  return cursor.failExpected('eq, ne, gt, ge, lt or le', fix);
}
