import { isValidDate, isValidDateTime } from '../../model/is-valid-date.ts';
import type { Span } from '../../model/span.ts';
import { unquoteString } from '../quote-string.ts';
import type { Literal, Operand, PropertyPath } from './ast.ts';
import { ParserCursor } from './parser-cursor.ts';
import type { Token } from './tokenize.ts';

/** Keywords that are values. */
const constants: ReadonlySet<string> = new Set(['null', 'true', 'false']);
/** Words that are never names. */
const reserved: ReadonlySet<string> = new Set([...constants, ...'and or not eq ne gt ge lt le'.split(' ')]);

/** Reads one side of a comparison: a value or a path. */
export function readOperand(cursor: ParserCursor): Operand {
  const token = cursor.peek();
  if (token.kind === 'alias') return readAlias(cursor, readOperand);
  return token.kind === 'word' && !reserved.has(token.text) ? readPath(cursor) : readLiteral(cursor);
}

/** Reads `revenue`, `primarycontactid/fullname`, or an alias whose value is a path. */
export function readPath(cursor: ParserCursor): PropertyPath {
  if (cursor.peek().kind === 'alias') {
    const aliasToken = cursor.peek();
    const operand = readAlias(cursor, readOperand);
    return operand.kind === 'path' ? operand : cursor.fail('This alias is not a column.', { at: aliasToken });
  }
  const first = cursor.peek();
  const segments = [readIdentifier(cursor)];
  while (cursor.accept('/')) segments.push(readIdentifier(cursor));
  return { kind: 'path', segments, ...cursor.spanFrom(first) };
}

/** Reads the name of a column, navigation property, type or variable. */
export function readIdentifier(cursor: ParserCursor): string {
  const token = cursor.peek();
  if (token.kind !== 'word' || reserved.has(token.text)) cursor.failExpected('a column');
  if (token.text.startsWith('$')) {
    const fix = token.text === '$count' ? 'Use any() to check whether rows exist.' : undefined;
    cursor.fail(`"${token.text}" is not allowed here.`, { fix });
  }
  return cursor.next().text;
}

/** Reads one value of any type. */
export function readLiteral(cursor: ParserCursor): Literal {
  const token = cursor.peek();
  const span: Span = { start: token.start, end: token.end };
  if (token.kind === 'alias') return readAlias(cursor, readLiteral);
  if (token.kind === 'word' && constants.has(token.text)) {
    cursor.next();
    return token.text === 'null'
      ? { kind: 'null', ...span }
      : { kind: 'boolean', value: token.text === 'true', ...span };
  }
  const literal = toLiteral(token, cursor);
  if (literal === undefined) return cursor.failExpected('a value');
  cursor.next();
  return { ...literal, ...span };
}

type WithoutSpan<Node> = Node extends Span ? Omit<Node, keyof Span> : never;
type LiteralWithoutSpan = WithoutSpan<Literal>;

function toLiteral(token: Token, cursor: ParserCursor): LiteralWithoutSpan | undefined {
  switch (token.kind) {
    case 'string':
      return { kind: 'string', value: unquoteString(token.text) };
    case 'guid':
      return { kind: 'guid', text: token.text.toLowerCase() };
    case 'value':
      return toValueLiteral(token, cursor);
    case 'enum':
      return toEnumLiteral(token, cursor);
    case 'text':
      return cursor.fail('A string must be in single quotes.', {
        fix: "Write 'value'; double quotes only inside [ ].",
      });
    default:
      return undefined;
  }
}

function toValueLiteral({ text }: Token, cursor: ParserCursor): LiteralWithoutSpan {
  if (/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return { kind: 'number', text };
  if (isValidDate(text)) return { kind: 'date', text };
  if (isValidDateTime(text)) return { kind: 'datetime', text };
  if (isValidDateTime(`${text}Z`))
    return cursor.fail('A date-time needs its offset.', { fix: 'Add Z for UTC.' });
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    const fix = 'Write 2024-12-31 or 2024-12-31T23:59:59Z; encode "+" as %2B in a URL.';
    return cursor.fail('This is not a valid date or date-time.', { fix });
  }
  return cursor.fail('This is not a number, a date or an id.', { fix: 'Put text in single quotes.' });
}

function toEnumLiteral({ text }: Token, cursor: ParserCursor): LiteralWithoutSpan {
  const quote = text.indexOf("'");
  const type = text.slice(0, quote);
  if (type.includes('.')) return { kind: 'enum', type, member: unquoteString(text.slice(quote)) };
  if (['guid', 'datetime', 'datetimeoffset', 'decimal'].includes(type.toLowerCase())) {
    return cursor.fail(`${type}'…' is OData 2.`, { fix: 'Write the value without the name and the quotes.' });
  }
  return cursor.fail('A quote cannot follow a name directly.', { fix: `Write a space after "${type}".` });
}

/** Reads a list of a query function, `["a",2]`, or its alias. Strings without quotes inside can have single quotes. */
export function readJsonList(cursor: ParserCursor): readonly Literal[] {
  if (cursor.peek().kind === 'alias') return readAlias(cursor, readJsonList);
  const items: Literal[] = [];
  if (!cursor.accept('[')) cursor.failExpected('a list', 'Write ["a","b"].');
  if (cursor.accept(']')) return items;
  do items.push(readListItem(cursor));
  while (cursor.accept(','));
  cursor.expect(']');
  return items;
}

function readListItem(cursor: ParserCursor): Literal {
  const token = cursor.peek();
  const { kind, text, start, end } = token;
  if (kind === 'alias') cursor.failExpected('a value');
  if (kind === 'string' && text.slice(1, -1).includes("'")) {
    cursor.fail('A list is JSON: quotes are not doubled in it.', {
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

/** Reads the value of an alias. An alias without a value is null, as documented by Microsoft. */
function readAlias<T>(cursor: ParserCursor, read: (inner: ParserCursor) => T): T {
  const aliasToken = cursor.next();
  if (cursor.aliases === undefined)
    cursor.fail('An alias cannot be used here.', { at: aliasToken, fix: 'Write its value.' });
  const inner = ParserCursor.forAliasValue(cursor.aliases.get(aliasToken.text) ?? 'null', aliasToken);
  const value = inner.attempt([], () => read(inner));
  if (value !== undefined && inner.peek().kind === 'end') return value;
  return cursor.fail(`The value of ${aliasToken.text} is not valid here.`, { at: aliasToken });
}
