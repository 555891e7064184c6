import type { Aliases, OrderItem, Parsed, Path } from './ast.ts';
import { type Cursor, parseWhole } from './cursor.ts';
import { readPath } from './operands.ts';

/** Parses a decoded `$orderby`: `createdon desc,name`; aliases as in a filter. */
export function parseOrderBy(text: string, aliases?: Aliases): Parsed<readonly OrderItem[]> {
  return parseWhole(text, readOrderBy, aliases);
}

/** Parses a decoded `$select`: `name,revenue`; `*` gives a path of that one segment. */
export function parseSelect(text: string): Parsed<readonly Path[]> {
  return parseWhole(text, readSelect);
}

export function readOrderBy(cursor: Cursor): readonly OrderItem[] {
  return readItems(cursor, (): OrderItem => {
    const path = readPath(cursor);
    const direction = cursor.take('desc') ? 'desc' : 'asc';
    if (direction === 'asc') cursor.take('asc');
    return { path, direction, ...cursor.spanFrom(path) };
  });
}

export function readSelect(cursor: Cursor): readonly Path[] {
  return readItems(cursor, (): Path => {
    const token = cursor.peek();
    if (cursor.take('*')) return { kind: 'path', segments: ['*'], ...cursor.spanFrom(token) };
    const path = readPath(cursor);
    // Dataverse overlooks a stray "?" here; Microsoft's page on counting rows has one in its example.
    if (cursor.peek().text === '?') cursor.next();
    return path;
  });
}

/** At least one item, separated by commas; a comma too many at the end is forgiven, as Dataverse does. */
export function readItems<T>(cursor: Cursor, readOne: () => T): readonly T[] {
  const items: T[] = [];
  do {
    const item = cursor.attempt([',', ';'], readOne);
    if (item !== undefined) items.push(item);
  } while (cursor.take(',') && !atEnd(cursor));
  return items;
}

function atEnd(cursor: Cursor): boolean {
  return cursor.peek().kind === 'end' || cursor.at(')') || cursor.at(';');
}
