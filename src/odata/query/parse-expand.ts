import { suggest } from '../../errors/suggest.ts';
import type { ExpandItem, ParseResult } from './ast.ts';
import { readList, readOrderBy, readSelect } from './parse-columns.ts';
import { readFilter } from './parse-filter.ts';
import { type ParserCursor, parseWhole } from './parser-cursor.ts';
import { readIdentifier } from './read-operand.ts';

type ExpandOptions = Omit<ExpandItem, 'path' | 'ref' | 'start' | 'end'>;

const readers: { readonly [name: string]: (cursor: ParserCursor) => ExpandOptions } = {
  $select: (cursor) => ({ select: readSelect(cursor) }),
  $filter: (cursor) => ({ filter: readFilter(cursor) }),
  $orderby: (cursor) => ({ orderby: readOrderBy(cursor) }),
  $top: (cursor) => ({ top: readTop(cursor) }),
  $expand: (cursor) => ({ expand: cursor.nested(() => readExpand(cursor)) }),
};

/**
 * Parses a decoded `$expand`: `primarycontactid($select=fullname;$expand=createdby),Account_Tasks`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
 */
export function parseExpand(text: string): ParseResult<readonly ExpandItem[]> {
  return parseWhole(text, readExpand);
}

function readExpand(cursor: ParserCursor): readonly ExpandItem[] {
  return readList(cursor, (): ExpandItem => {
    const first = cursor.peek();
    const segments = [readIdentifier(cursor)];
    let ref = false;
    while (!ref && cursor.accept('/')) {
      ref = cursor.accept('$ref');
      if (!ref) segments.push(readIdentifier(cursor));
    }
    const path = { kind: 'path', segments, ...cursor.spanFrom(first) } as const;
    const options = cursor.isNext('(') ? readOptions(cursor) : {};
    return { path, ref, ...options, ...cursor.spanFrom(first) };
  });
}

/** `($select=fullname;$top=5)`. */
function readOptions(cursor: ParserCursor): ExpandOptions {
  const open = cursor.next();
  let options: ExpandOptions = {};
  do {
    const name = cursor.peek();
    const option = cursor.attempt([';'], () => readOption(cursor));
    if (option && Object.keys(option).some((key) => key in options)) {
      cursor.report(`${name.text} is given twice.`, { at: name });
    }
    options = { ...options, ...option };
  } while (cursor.accept(';'));
  cursor.expectClosing(open);
  return options;
}

function readOption(cursor: ParserCursor): ExpandOptions {
  const name = cursor.peek();
  if (name.kind !== 'word') cursor.failExpected('an option such as $select');
  const read = Object.hasOwn(readers, name.text) ? readers[name.text] : undefined;
  if (read === undefined) {
    const near = suggest(name.text, Object.keys(readers), 1)[0];
    const fix = near ? `Did you mean ${near}?` : `Use one of: ${Object.keys(readers).join(', ')}.`;
    return cursor.fail(`Dataverse does not support ${name.text} inside $expand.`, { fix });
  }
  cursor.next();
  cursor.expect('=');
  return read(cursor);
}

function readTop(cursor: ParserCursor): number {
  const { text } = cursor.peek();
  if (!/^\d{1,9}$/.test(text)) cursor.failExpected('a whole number');
  return Number(cursor.next().text);
}
