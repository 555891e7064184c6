import { suggest } from '../../errors/suggest.ts';
import type { Filter, Lambda, Literal, Path, QueryFunction, TextMatch } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { namespace, queryFunctions } from './functions.ts';
import { readList, readLiteral, readName, readPath } from './operands.ts';
import type { Token } from './tokens.ts';

const textFunctions: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith']);

type ReadFilter = (cursor: Cursor) => Filter;

/** A condition that is a call: string function, lambda or query function; undefined when something else comes. */
export function readCall(cursor: Cursor, readFilter: ReadFilter): Filter | undefined {
  const ahead = callAhead(cursor);
  if (ahead === undefined) return undefined;
  const first = cursor.peek();
  const segments: string[] = [];
  let end = first.start;
  for (let i = 0; i < ahead; i += 2) {
    segments.push(readName(cursor));
    end = cursor.spanFrom(first).end;
    cursor.expect('/');
  }
  const name = cursor.next();
  const on: Path = { kind: 'path', segments, start: first.start, end };
  const open = cursor.next();
  const call = readArguments(cursor, { name, on, readFilter });
  cursor.close(open);
  return { ...call, ...cursor.spanFrom(first) };
}

/** How many tokens stand before the name of a call (`a / b / any (`), if this path ends with one. */
function callAhead(cursor: Cursor): number | undefined {
  for (let i = 0; cursor.peek(i).kind === 'word'; i += 2) {
    const after = cursor.peek(i + 1);
    if (after.kind !== 'symbol') return undefined;
    if (after.text === '(') return i;
    if (after.text !== '/') return undefined;
  }
  return undefined;
}

interface Call {
  readonly name: Token;
  /** What stands before the name; without segments when nothing does. */
  readonly on: Path;
  readonly readFilter: ReadFilter;
}

function readArguments(cursor: Cursor, call: Call): Filter {
  const { name, on } = call;
  const bare = on.segments.length === 0;
  if (textFunctions.has(name.text) && bare) return readTextMatch(cursor, name.text as TextMatch['name']);
  if ((name.text === 'any' || name.text === 'all') && !bare) return readLambda(cursor, call);
  if (name.text.startsWith(namespace)) return readQueryFunction(cursor, call);
  return cursor.fail(`Dataverse has no function "${name.text}".`, {
    at: name,
    fix: nearestFunction(name.text),
  });
}

function nearestFunction(name: string): string {
  const known = [...textFunctions, ...Object.keys(queryFunctions).map((known) => `${namespace}${known}`)];
  const exact = Object.keys(queryFunctions).find((known) => known.toLowerCase() === name.toLowerCase());
  const nearest = exact ? `${namespace}${exact}` : suggest(name, known, 1)[0];
  return nearest
    ? `Did you mean ${nearest}?`
    : 'It has contains, startswith, endswith and its own query functions.';
}

function readTextMatch(cursor: Cursor, name: TextMatch['name']): TextMatch {
  const path = readPath(cursor);
  cursor.expect(',');
  const place = cursor.peek();
  const value = readLiteral(cursor);
  if (value.kind !== 'string')
    cursor.fail(`${name} needs a string.`, { at: place, fix: 'Put it in single quotes.' });
  return { kind: 'text', name, path, value, start: path.start, end: value.end };
}

function readLambda(cursor: Cursor, { name, on, readFilter }: Call): Lambda {
  const quantifier = name.text as Lambda['quantifier'];
  const lambda = { kind: 'lambda', quantifier, path: on, start: on.start, end: on.end } as const;
  if (cursor.at(')')) {
    if (quantifier === 'all')
      cursor.fail('all() needs a condition.', { at: name, fix: 'Write all(o:o/column eq 1).' });
    return lambda;
  }
  const variable = readName(cursor);
  if (!cursor.take(':')) cursor.failExpecting('":"', 'Name the variable first: any(o:o/column eq 1).');
  return { ...lambda, variable, body: cursor.nested(() => readFilter(cursor)) };
}

function readQueryFunction(cursor: Cursor, { name: { text, start, end }, on }: Call): QueryFunction {
  const name = text.slice(namespace.length);
  const parameters = Object.hasOwn(queryFunctions, name) ? queryFunctions[name]! : undefined;
  if (parameters === undefined) {
    return cursor.fail(`Dataverse has no query function "${text}".`, {
      at: { start, end },
      fix: nearestFunction(text),
    });
  }
  const given = readParameters(cursor);
  for (const wanted of ['PropertyName', ...parameters]) {
    if (!given.has(wanted)) cursor.fail(`${name} needs ${wanted}.`, { at: { start, end } });
  }
  const extra = [...given.keys()].find((key) => key !== 'PropertyName' && !parameters.includes(key));
  if (extra) cursor.fail(`${name} has no parameter ${extra}.`, { at: { start, end } });
  const values = parameters.flatMap((parameter) => given.get(parameter)!);
  if (name.endsWith('Between') && values.length !== 2) {
    cursor.fail(`${name} needs two values.`, { at: { start, end }, fix: 'Write PropertyValues=["1","9"].' });
  }
  const column = readColumnName(cursor, given.get('PropertyName')![0]!);
  const path: Path = { ...column, segments: [...on.segments, ...column.segments] };
  return { kind: 'function', name, path, values, start, end };
}

/** `PropertyName='a',PropertyValue=1`; every parameter as the values it holds. */
function readParameters(cursor: Cursor): ReadonlyMap<string, readonly Literal[]> {
  const given = new Map<string, readonly Literal[]>();
  do {
    const name = cursor.peek();
    if (name.kind !== 'word') cursor.failExpecting('a parameter', "Write PropertyName='column'.");
    cursor.next();
    cursor.expect('=');
    if (given.has(name.text)) cursor.fail(`${name.text} is given twice.`, { at: name });
    given.set(name.text, name.text === 'PropertyValues' ? readList(cursor) : [readLiteral(cursor)]);
  } while (cursor.take(','));
  return given;
}

function readColumnName(cursor: Cursor, literal: Literal): Path {
  if (literal.kind !== 'string' || !/^[A-Za-z_]\w*$/.test(literal.value)) {
    return cursor.fail('PropertyName takes the name of one column.', { at: literal, fix: "Write 'column'." });
  }
  return { kind: 'path', segments: [literal.value], start: literal.start, end: literal.end };
}
