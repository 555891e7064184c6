import { suggest } from '../../errors/suggest.ts';
import type { Filter, Lambda, Literal, PropertyPath, QueryFunction, TextMatch } from './ast.ts';
import type { ParserCursor } from './parser-cursor.ts';
import { crmNamespace, queryFunctions } from './query-functions.ts';
import { readIdentifier, readJsonList, readLiteral, readPath } from './read-operand.ts';
import type { Token } from './tokenize.ts';

const textFunctions: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith']);

type ReadFilter = (cursor: ParserCursor) => Filter;

/** A condition that is a call: string function, lambda or query function; undefined when something else comes. */
export function readCall(cursor: ParserCursor, readFilter: ReadFilter): Filter | undefined {
  const ahead = findCallAhead(cursor);
  if (ahead === undefined) return undefined;
  const first = cursor.peek();
  const segments: string[] = [];
  let end = first.start;
  for (let i = 0; i < ahead; i += 2) {
    segments.push(readIdentifier(cursor));
    end = cursor.spanFrom(first).end;
    cursor.expect('/');
  }
  const name = cursor.next();
  const on: PropertyPath = { kind: 'path', segments, start: first.start, end };
  const open = cursor.next();
  const call = readArguments(cursor, { name, target: on, readFilter });
  cursor.expectClosing(open);
  return { ...call, ...cursor.spanFrom(first) };
}

/** How many tokens stand before the name of a call (`a / b / any (`), if this path ends with one. */
function findCallAhead(cursor: ParserCursor): number | undefined {
  for (let i = 0; cursor.peek(i).kind === 'word'; i += 2) {
    const after = cursor.peek(i + 1);
    if (after.kind !== 'symbol') return undefined;
    if (after.text === '(') return i;
    if (after.text !== '/') return undefined;
  }
  return undefined;
}

interface FunctionCall {
  readonly name: Token;
  /** What stands before the name; without segments when nothing does. */
  readonly target: PropertyPath;
  readonly readFilter: ReadFilter;
}

function readArguments(cursor: ParserCursor, call: FunctionCall): Filter {
  const { name, target } = call;
  const bare = target.segments.length === 0;
  if (textFunctions.has(name.text) && bare) return readTextMatch(cursor, name.text as TextMatch['name']);
  if ((name.text === 'any' || name.text === 'all') && !bare) return readLambda(cursor, call);
  if (name.text.startsWith(crmNamespace)) return readQueryFunction(cursor, call);
  return cursor.fail(`Dataverse has no function "${name.text}".`, {
    isNext: name,
    fix: nearestFunction(name.text),
  });
}

function nearestFunction(name: string): string {
  const known = [...textFunctions, ...Object.keys(queryFunctions).map((known) => `${crmNamespace}${known}`)];
  const exact = Object.keys(queryFunctions).find((known) => known.toLowerCase() === name.toLowerCase());
  const nearest = exact ? `${crmNamespace}${exact}` : suggest(name, known, 1)[0];
  return nearest
    ? `Did you mean ${nearest}?`
    : 'It has contains, startswith, endswith and its own query functions.';
}

function readTextMatch(cursor: ParserCursor, name: TextMatch['name']): TextMatch {
  const path = readPath(cursor);
  cursor.expect(',');
  const valueToken = cursor.peek();
  const value = readLiteral(cursor);
  if (value.kind !== 'string')
    cursor.fail(`${name} needs a string.`, { isNext: valueToken, fix: 'Put it in single quotes.' });
  return { kind: 'text', name, path, value, start: path.start, end: value.end };
}

function readLambda(cursor: ParserCursor, { name, target, readFilter }: FunctionCall): Lambda {
  const quantifier = name.text as Lambda['quantifier'];
  const lambda = { kind: 'lambda', quantifier, path: target, start: target.start, end: target.end } as const;
  if (cursor.isNext(')')) {
    if (quantifier === 'all')
      cursor.fail('all() needs a condition.', { isNext: name, fix: 'Write all(o:o/column eq 1).' });
    return lambda;
  }
  const variable = readIdentifier(cursor);
  if (!cursor.accept(':')) cursor.failExpected('":"', 'Name the variable first: any(o:o/column eq 1).');
  return { ...lambda, variable, body: cursor.nested(() => readFilter(cursor)) };
}

function readQueryFunction(
  cursor: ParserCursor,
  { name: { text, start, end }, target }: FunctionCall,
): QueryFunction {
  const name = text.slice(crmNamespace.length);
  const parameters = Object.hasOwn(queryFunctions, name) ? queryFunctions[name]! : undefined;
  if (parameters === undefined) {
    return cursor.fail(`Dataverse has no query function "${text}".`, {
      isNext: { start, end },
      fix: nearestFunction(text),
    });
  }
  const given = readParameters(cursor);
  for (const wanted of ['PropertyName', ...parameters]) {
    if (!given.has(wanted)) cursor.fail(`${name} needs ${wanted}.`, { isNext: { start, end } });
  }
  const extra = [...given.keys()].find((key) => key !== 'PropertyName' && !parameters.includes(key));
  if (extra) cursor.fail(`${name} has no parameter ${extra}.`, { isNext: { start, end } });
  const values = parameters.flatMap((parameter) => given.get(parameter)!);
  if (name.endsWith('Between') && values.length !== 2) {
    cursor.fail(`${name} needs two values.`, {
      isNext: { start, end },
      fix: 'Write PropertyValues=["1","9"].',
    });
  }
  const column = readColumnName(cursor, given.get('PropertyName')![0]!);
  const path: PropertyPath = { ...column, segments: [...target.segments, ...column.segments] };
  return { kind: 'function', name, path, values, start, end };
}

/** `PropertyName='a',PropertyValue=1`; every parameter as the values it holds. */
function readParameters(cursor: ParserCursor): ReadonlyMap<string, readonly Literal[]> {
  const given = new Map<string, readonly Literal[]>();
  do {
    const name = cursor.peek();
    if (name.kind !== 'word') cursor.failExpected('a parameter', "Write PropertyName='column'.");
    cursor.next();
    cursor.expect('=');
    if (given.has(name.text)) cursor.fail(`${name.text} is given twice.`, { isNext: name });
    given.set(name.text, name.text === 'PropertyValues' ? readJsonList(cursor) : [readLiteral(cursor)]);
  } while (cursor.accept(','));
  return given;
}

function readColumnName(cursor: ParserCursor, literal: Literal): PropertyPath {
  if (literal.kind !== 'string' || !/^[A-Za-z_]\w*$/.test(literal.value)) {
    return cursor.fail('PropertyName takes the name of one column.', {
      isNext: literal,
      fix: "Write 'column'.",
    });
  }
  return { kind: 'path', segments: [literal.value], start: literal.start, end: literal.end };
}
