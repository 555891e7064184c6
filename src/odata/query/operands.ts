import { isRealDate, isRealDateTime } from '../calendar.ts';
import type { Literal, Operand, Path, Span } from './ast.ts';
import { Cursor } from './cursor.ts';
import { type Token, unquote } from './tokens.ts';

/** Words that stand for a value. */
const constants: ReadonlySet<string> = new Set(['null', 'true', 'false']);
/** Words that are no name of anything: where one stands in a name's place, the name was forgotten. */
const reserved: ReadonlySet<string> = new Set([...constants, ...'and or not eq ne gt ge lt le'.split(' ')]);

/** A value or a path: one side of a comparison. */
export function readOperand(cursor: Cursor): Operand {
  const token = cursor.peek();
  if (token.kind === 'alias') return readAlias(cursor, readOperand);
  return token.kind === 'word' && !reserved.has(token.text) ? readPath(cursor) : readLiteral(cursor);
}

/** `revenue`, `primarycontactid/fullname`, or an alias that stands for one. */
export function readPath(cursor: Cursor): Path {
  if (cursor.peek().kind === 'alias') {
    const place = cursor.peek();
    const operand = readAlias(cursor, readOperand);
    return operand.kind === 'path' ? operand : cursor.fail('This alias is not a column.', { at: place });
  }
  const first = cursor.peek();
  const segments = [readName(cursor)];
  while (cursor.take('/')) segments.push(readName(cursor));
  return { kind: 'path', segments, ...cursor.spanFrom(first) };
}

/** The name of a column, navigation property, type or variable. */
export function readName(cursor: Cursor): string {
  const token = cursor.peek();
  if (token.kind !== 'word' || reserved.has(token.text)) cursor.failExpecting('a column');
  if (token.text.startsWith('$')) {
    const fix = token.text === '$count' ? 'Ask with any() whether there is one.' : undefined;
    cursor.fail(`"${token.text}" cannot stand here.`, { fix });
  }
  return cursor.next().text;
}

/** One value of any type. */
export function readLiteral(cursor: Cursor): Literal {
  const token = cursor.peek();
  const span: Span = { start: token.start, end: token.end };
  if (token.kind === 'alias') return readAlias(cursor, readLiteral);
  if (token.kind === 'word' && constants.has(token.text)) {
    cursor.next();
    return token.text === 'null'
      ? { kind: 'null', ...span }
      : { kind: 'boolean', value: token.text === 'true', ...span };
  }
  const literal = bareLiteral(token, cursor);
  if (literal === undefined) return cursor.failExpecting('a value');
  cursor.next();
  return { ...literal, ...span };
}

type WithoutPlace<Node> = Node extends Span ? Omit<Node, keyof Span> : never;
type Bare = WithoutPlace<Literal>;

function bareLiteral(token: Token, cursor: Cursor): Bare | undefined {
  switch (token.kind) {
    case 'string':
      return { kind: 'string', value: unquote(token.text) };
    case 'guid':
      return { kind: 'guid', text: token.text.toLowerCase() };
    case 'value':
      return bareValue(token, cursor);
    case 'enum':
      return bareEnum(token, cursor);
    case 'text':
      return cursor.fail('A string stands in single quotes.', {
        fix: "Write 'value'; double quotes only inside [ ].",
      });
    default:
      return undefined;
  }
}

function bareValue({ text }: Token, cursor: Cursor): Bare {
  if (/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return { kind: 'number', text };
  if (isRealDate(text)) return { kind: 'date', text };
  if (isRealDateTime(text)) return { kind: 'datetime', text };
  if (isRealDateTime(`${text}Z`))
    return cursor.fail('A date-time needs its offset.', { fix: 'Add Z for UTC.' });
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    const fix = 'Write 2024-12-31 or 2024-12-31T23:59:59Z; encode "+" as %2B in a URL.';
    return cursor.fail('This is not a day or a moment of the calendar.', { fix });
  }
  return cursor.fail('This is not a number, a date or an id.', { fix: 'Put text in single quotes.' });
}

function bareEnum({ text }: Token, cursor: Cursor): Bare {
  const quote = text.indexOf("'");
  const type = text.slice(0, quote);
  if (type.includes('.')) return { kind: 'enum', type, member: unquote(text.slice(quote)) };
  if (['guid', 'datetime', 'datetimeoffset', 'decimal'].includes(type.toLowerCase())) {
    return cursor.fail(`${type}'…' is OData 2.`, { fix: 'Write the value without the name and the quotes.' });
  }
  return cursor.fail('A quote cannot follow a name directly.', { fix: `Write a space after "${type}".` });
}

/** `["a",2]` of a query function, items in double or (without apostrophes) single quotes; or its alias. */
export function readList(cursor: Cursor): readonly Literal[] {
  if (cursor.peek().kind === 'alias') return readAlias(cursor, readList);
  const items: Literal[] = [];
  if (!cursor.take('[')) cursor.failExpecting('a list', 'Write ["a","b"].');
  if (cursor.take(']')) return items;
  do items.push(readListItem(cursor));
  while (cursor.take(','));
  cursor.expect(']');
  return items;
}

function readListItem(cursor: Cursor): Literal {
  const token = cursor.peek();
  const { kind, text, start, end } = token;
  if (kind === 'alias') cursor.failExpecting('a value');
  if (kind === 'string' && text.slice(1, -1).includes("'")) {
    cursor.fail('A list is JSON: an apostrophe is not doubled in it.', {
      fix: 'Put the value in double quotes: "O\'Brien".',
    });
  }
  if (kind !== 'text') return readLiteral(cursor);
  const value = parseJsonString(text);
  if (value === undefined) cursor.fail('This is not a JSON string.');
  cursor.next();
  return { kind: 'string', value, start, end };
}

function parseJsonString(text: string): string | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads an alias's value in its place. One without a value is null, as Microsoft documents. */
function readAlias<T>(cursor: Cursor, read: (inner: Cursor) => T): T {
  const place = cursor.next();
  if (cursor.aliases === undefined)
    cursor.fail('An alias cannot be used here.', { at: place, fix: 'Write its value.' });
  const inner = Cursor.inPlace(cursor.aliases.get(place.text) ?? 'null', place);
  const value = inner.attempt([], () => read(inner));
  if (value !== undefined && inner.peek().kind === 'end') return value;
  return cursor.fail(`The value of ${place.text} is not what is needed here.`, { at: place });
}
