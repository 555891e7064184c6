import type { OrderItem, ParameterAliases, ParseResult, PropertyPath } from './ast.ts';
import { type ParserCursor, parseWhole } from './parser-cursor.ts';
import { readPath } from './read-operand.ts';

/** Parses a decoded `$orderby`: `createdon desc,name`; aliases as in a filter. */
export function parseOrderBy(text: string, aliases?: ParameterAliases): ParseResult<readonly OrderItem[]> {
  return parseWhole(text, readOrderBy, aliases);
}

/** Parses a decoded `$select`: `name,revenue`; `*` gives a path of that one segment. */
export function parseSelect(text: string): ParseResult<readonly PropertyPath[]> {
  return parseWhole(text, readSelect);
}

export function readOrderBy(cursor: ParserCursor): readonly OrderItem[] {
  return readList(cursor, (): OrderItem => {
    const path = readPath(cursor);
    const direction = cursor.accept('desc') ? 'desc' : 'asc';
    if (direction === 'asc') cursor.accept('asc');
    return { path, direction, ...cursor.spanFrom(path) };
  });
}

export function readSelect(cursor: ParserCursor): readonly PropertyPath[] {
  return readList(cursor, (): PropertyPath => {
    const token = cursor.peek();
    if (cursor.accept('*')) return { kind: 'path', segments: ['*'], ...cursor.spanFrom(token) };
    const path = readPath(cursor);
    // Dataverse ignores a "?" here; an example in Microsoft's documentation has one.
    if (cursor.peek().text === '?') cursor.next();
    return path;
  });
}

/** Reads at least one item, separated by commas. A comma at the end is allowed, as in Dataverse. */
export function readList<T>(cursor: ParserCursor, readOne: () => T): readonly T[] {
  const items: T[] = [];
  do {
    const item = cursor.attempt([',', ';'], readOne);
    if (item !== undefined) items.push(item);
  } while (cursor.accept(',') && !atEnd(cursor));
  return items;
}

function atEnd(cursor: ParserCursor): boolean {
  return cursor.peek().kind === 'end' || cursor.isNext(')') || cursor.isNext(';');
}
