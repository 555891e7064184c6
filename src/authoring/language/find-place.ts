import type { Span } from '../../model/span.ts';

/** Where the cursor stands in a YAML text, which may be incomplete. */
export interface EditPlace {
  /** The names that lead to the object or value of the cursor; an item of a list is `0`. */
  readonly path: readonly string[];
  /** Whether a key or a value is written here. */
  readonly at: 'key' | 'value';
  /** The word under the cursor. */
  readonly word: Span;
  /** Whether the word stands in quotes. */
  readonly isQuoted: boolean;
  /** Keys that the object has already. */
  readonly siblings: readonly string[];
  /** The inside of `{{...}}` under the cursor. */
  readonly placeholder: Span | undefined;
}

interface Line {
  readonly start: number;
  readonly text: string;
  /** The column of what stands after the indentation and the dashes of list items. */
  readonly column: number;
  /** The columns of its dashes. */
  readonly dashes: readonly number[];
  readonly key: string | undefined;
}

const keyPattern = /^(?:"([^"]*)"|'([^']*)'|([^\s"'{}[\],#][^:{}[\]]*?)):(?=\s|$)/;

/** Finds the place of an offset by indentation and brackets: a text that is being written is rarely valid YAML. */
export function findPlace(text: string, offset: number): EditPlace {
  const lines = readLines(text);
  const at = Math.max(
    0,
    lines.findLastIndex(({ start }) => start <= offset),
  );
  const from = findFlowStart(lines, at, text);
  const line = lines[from] ?? emptyLine;
  const inLine = placeInLine(text, line, offset);
  const isBlank = line.text.trim() === '' && from === at;
  const column = isBlank ? offset - line.start : line.column;
  const parents = findParents(lines.slice(0, from), line.dashes[0] ?? column);
  const items = line.dashes.map(() => '0');
  return {
    ...inLine,
    path: [...parents, ...items, ...inLine.path],
    siblings: inLine.inFlow ? inLine.siblings : findSiblings(lines, from, column),
    placeholder: findPlaceholder(text, offset),
  };
}

const emptyLine: Line = { start: 0, text: '', column: 0, dashes: [], key: undefined };

function readLines(text: string): readonly Line[] {
  let start = 0;
  return text.split('\n').map((raw) => {
    const line = readLine(raw.replace(/\r$/, ''), start);
    start += raw.length + 1;
    return line;
  });
}

function readLine(text: string, start: number): Line {
  const [lead = ''] = /^ *(?:- +)*/.exec(text) ?? [];
  const dashes = [...lead.matchAll(/-/g)].map(({ index }) => index);
  const match = keyPattern.exec(text.slice(lead.length));
  return { start, text, column: lead.length, dashes, key: match?.[1] ?? match?.[2] ?? match?.[3] };
}

const isContent = ({ text }: Line) => !/^\s*(?:#.*)?$/.test(text);

/** The keys of the blocks that a line of this column is in. */
function findParents(lines: readonly Line[], column: number): readonly string[] {
  const path: string[] = [];
  let limit = column;
  let dashLimit = column;
  for (const line of lines.filter(isContent).toReversed()) {
    const [dash] = line.dashes;
    if (line.key !== undefined && line.column < limit) {
      path.unshift(line.key);
      limit = line.column;
      dashLimit = limit;
    }
    // A list may stand at the column of its key; the items before it are its siblings.
    if (dash !== undefined && dash < dashLimit) {
      path.unshift('0');
      limit = dash + 1;
      dashLimit = dash;
    }
    if (limit === 0) break;
  }
  return path;
}

/** The other keys of the block. */
function findSiblings(lines: readonly Line[], at: number, column: number): readonly string[] {
  const walk = (others: readonly Line[]) => {
    const inBlock = others.filter(isContent);
    const end = inBlock.findIndex((line) => line.column < column || (line.dashes[0] ?? column) < column - 2);
    return inBlock
      .slice(0, end < 0 ? undefined : end)
      .flatMap((line) => (line.column === column ? (line.key ?? []) : []));
  };
  return [...walk(lines.slice(0, at).toReversed()), ...walk(lines.slice(at + 1))];
}

/** The line where the brackets around the cursor begin; a value in brackets can span lines. */
function findFlowStart(lines: readonly Line[], at: number, text: string): number {
  const cursorLine = lines[at] ?? emptyLine;
  for (let from = at - 1; from >= Math.max(0, at - 50); from--) {
    const line = lines[from] ?? emptyLine;
    if (line.key === undefined) continue;
    const value = text.slice(line.start + line.column, cursorLine.start);
    const isOpen = /^[^:]+:\s*[[{]/.test(value) && countOpen(value) > 0;
    return isOpen ? from : at;
  }
  return at;
}

/** Brackets that are opened and not closed; the braces of placeholders do not count. */
function countOpen(text: string): number {
  const brackets = text.replace(/\{\{[^{}]*\}\}/g, '');
  return (brackets.match(/[[{]/g)?.length ?? 0) - (brackets.match(/[\]}]/g)?.length ?? 0);
}

type InLine = Omit<EditPlace, 'placeholder'> & { readonly inFlow: boolean };

/** The place in the line where the value begins: before the colon, after it, or in brackets. */
function placeInLine(text: string, line: Line, offset: number): InLine {
  const begin = line.start + line.column;
  const [head = ''] = keyPattern.exec(text.slice(begin)) ?? [];
  const keyEnd = begin + head.length;
  if (line.key === undefined || offset < keyEnd) {
    const isItem = line.dashes.length > 0 && line.key === undefined;
    const inFlow = scanFlow(text, begin, offset);
    if (inFlow !== undefined) return inFlow;
    return {
      path: [],
      at: isItem ? 'value' : 'key',
      word: wordAt(text, begin, offset),
      isQuoted: false,
      siblings: [],
      inFlow: false,
    };
  }
  const valueStart = keyEnd + (/^\s*/.exec(text.slice(keyEnd, offset))?.[0].length ?? 0);
  const inFlow = scanFlow(text, valueStart, offset);
  if (inFlow !== undefined) return { ...inFlow, path: [line.key, ...inFlow.path] };
  const isQuoted = /["']/.test(text.charAt(valueStart));
  const word = wordAt(text, isQuoted ? valueStart + 1 : valueStart, offset);
  return { path: [line.key], at: 'value', word, isQuoted, siblings: [], inFlow: false };
}

interface Bracket {
  readonly kind: 'map' | 'list';
  readonly keys: string[];
  key: string | undefined;
}

/** The place inside of brackets; undefined if the value does not begin with one, or is closed before the offset. */
function scanFlow(text: string, start: number, offset: number): InLine | undefined {
  if (!/[[{]/.test(text.charAt(start)) || offset <= start) return undefined;
  const stack: Bracket[] = [];
  let token = start;
  let mark: string | undefined;
  for (let at = start; at < offset; at++) {
    const character = text.charAt(at);
    const top = stack.at(-1);
    if (mark !== undefined) {
      if (character === mark) mark = undefined;
    } else if (/["']/.test(character) && text.slice(token, at).trim() === '') mark = character;
    else if (character === '{' || character === '[') {
      stack.push({ kind: character === '{' ? 'map' : 'list', keys: [], key: undefined });
      token = at + 1;
    } else if (character === '}' || character === ']') {
      stack.pop();
      token = at + 1;
    } else if (character === ',') {
      if (top !== undefined) top.key = undefined;
      token = at + 1;
    } else if (
      character === ':' &&
      top?.kind === 'map' &&
      top.key === undefined &&
      /\s/.test(text.charAt(at + 1))
    ) {
      top.key = text
        .slice(token, at)
        .trim()
        .replace(/^["']|["']$/g, '');
      top.keys.push(top.key);
      token = at + 1;
    }
  }
  const top = stack.at(-1);
  if (top === undefined) return undefined;
  const lead = /^\s*["']?/.exec(text.slice(token, offset))?.[0] ?? '';
  const path = stack.flatMap(({ kind, key }) => (kind === 'list' ? ['0'] : (key ?? [])));
  return {
    path,
    at: top.kind === 'map' && top.key === undefined ? 'key' : 'value',
    word: wordAt(text, token + lead.length, offset),
    isQuoted: mark !== undefined,
    siblings: [...top.keys, ...keysAfter(text, offset)],
    inFlow: true,
  };
}

/** Keys of the same brackets behind the cursor, in its line. */
function keysAfter(text: string, offset: number): readonly string[] {
  const end = text.indexOf('\n', offset);
  const rest = text.slice(offset, end < 0 ? undefined : end);
  return [...rest.matchAll(/(?:^|,)\s*([\w$@.-]+):/g)].map(([, key = '']) => key);
}

/** From the beginning of the word to its end behind the cursor. */
function wordAt(text: string, start: number, offset: number): Span {
  const [rest = ''] = /^[\w$@.#/-]*/.exec(text.slice(offset)) ?? [];
  return { start: Math.min(start, offset), end: offset + rest.length };
}

function findPlaceholder(text: string, offset: number): Span | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const open = text.lastIndexOf('{{', offset - 1);
  if (open < lineStart || text.slice(open, offset).includes('}}')) return undefined;
  const [rest = ''] = /^[\w.]*/.exec(text.slice(offset)) ?? [];
  return { start: open + 2, end: offset + rest.length };
}
