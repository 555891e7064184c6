import { suggest } from '../../errors/suggest.ts';
import type { Filter, Lambda, Literal, PropertyPath, QueryFunction, TextMatch } from './ast.ts';
import type { ParserCursor } from './parser-cursor.ts';
import { crmNamespace, queryFunctions } from './query-functions.ts';
import { readIdentifier, readJsonList, readLiteral, readPath } from './read-operand.ts';
import type { Token } from './tokenize.ts';

const textFunctions: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith']);

type ReadFilter = (cursor: ParserCursor) => Filter;

/** Reads a string function, lambda or query function; undefined if the next tokens are something else. */
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

/** The number of tokens before the name of a call (`a / b / any (`); undefined if the path does not end with a call. */
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
  /** The path before the name; without segments if there is none. */
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
    at: name,
    fix: nearestFunction(name.text),
  });
}

function nearestFunction(name: string): string {
  const known = [...textFunctions, ...Object.keys(queryFunctions).map((known) => `${crmNamespace}${known}`)];
  const lower = name.toLowerCase();
  const exact = Object.keys(queryFunctions).find((known) => known.toLowerCase() === lower);
  const nearest = exact && !textFunctions.has(lower) ? `${crmNamespace}${exact}` : suggest(name, known, 1)[0];
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
    cursor.fail(`${name} needs a string.`, { at: valueToken, fix: 'Put it in single quotes.' });
  return { kind: 'text', name, path, value, start: path.start, end: value.end };
}

function readLambda(cursor: ParserCursor, { name, target, readFilter }: FunctionCall): Lambda {
  const quantifier = name.text as Lambda['quantifier'];
  const lambda = { kind: 'lambda', quantifier, path: target, start: target.start, end: target.end } as const;
  if (cursor.isNext(')')) {
    if (quantifier === 'all')
      cursor.fail('all() needs a condition.', { at: name, fix: 'Write all(o:o/column eq 1).' });
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
  const parameters = Object.hasOwn(queryFunctions, name) ? queryFunctions[name] : undefined;
  if (parameters === undefined) {
    return cursor.fail(`Dataverse has no query function "${text}".`, {
      at: { start, end },
      fix: nearestFunction(text),
    });
  }
  const given = readParameters(cursor);
  for (const parameter of ['PropertyName', ...parameters]) {
    if (!given.has(parameter)) cursor.fail(`${name} needs ${parameter}.`, { at: { start, end } });
  }
  const extra = [...given.keys()].find((key) => key !== 'PropertyName' && !parameters.includes(key));
  if (extra) cursor.fail(`${name} has no parameter ${extra}.`, { at: { start, end } });
  const values = parameters.flatMap((parameter) => given.get(parameter) ?? []);
  if (name.endsWith('Between') && values.length !== 2) {
    cursor.fail(`${name} needs two values.`, {
      at: { start, end },
      fix: 'Write PropertyValues=["1","9"].',
    });
  }
  const column = readColumnName(cursor, given.get('PropertyName')?.[0]);
  const path: PropertyPath = { ...column, segments: [...target.segments, ...column.segments] };
  return { kind: 'function', name, path, values, start, end };
}

/** Reads `PropertyName='a',PropertyValue=1` as the values of each parameter. */
function readParameters(cursor: ParserCursor): ReadonlyMap<string, readonly Literal[]> {
  const given = new Map<string, readonly Literal[]>();
  do {
    const name = cursor.peek();
    if (name.kind !== 'word') cursor.failExpected('a parameter', "Write PropertyName='column'.");
    cursor.next();
    cursor.expect('=');
    if (given.has(name.text)) cursor.fail(`${name.text} is given twice.`, { at: name });
    given.set(name.text, name.text === 'PropertyValues' ? readJsonList(cursor) : [readLiteral(cursor)]);
  } while (cursor.accept(','));
  return given;
}

function readColumnName(cursor: ParserCursor, literal: Literal | undefined): PropertyPath {
  if (literal?.kind !== 'string' || !/^[A-Za-z_]\w*$/.test(literal.value)) {
    return cursor.fail('PropertyName must be the name of one column.', {
      at: literal,
      fix: "Write 'column'.",
    });
  }
  return { kind: 'path', segments: [literal.value], start: literal.start, end: literal.end };
}
