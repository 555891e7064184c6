import type { Span } from '../../model/span.ts';

/** One line of a text. */
export interface Line {
  readonly start: number;
  readonly text: string;
  readonly indent: number;
}

/** A line, and its neighbors that are neither empty nor comments. */
export interface LinePlace {
  readonly line: Line;
  readonly previous: Line | undefined;
  readonly next: Line | undefined;
}

/** The line of an offset, and its neighbors that are not empty and not comments. */
export function findLines(text: string, offset: number): LinePlace {
  const line = lineAt(text, text.lastIndexOf('\n', offset - 1) + 1);
  const counts = ({ text: content }: Line) => !/^\s*(?:#.*)?$/.test(content);
  let previous = lineBefore(text, line);
  while (previous !== undefined && !counts(previous)) previous = lineBefore(text, previous);
  let next = lineAfter(text, line);
  while (next !== undefined && !counts(next)) next = lineAfter(text, next);
  return { line, previous, next };
}

function lineAt(text: string, start: number): Line {
  const end = text.indexOf('\n', start);
  const own = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
  return { start, text: own, indent: own.length - own.trimStart().length };
}

function lineBefore(text: string, { start }: Line): Line | undefined {
  return start === 0 ? undefined : lineAt(text, text.lastIndexOf('\n', start - 2) + 1);
}

function lineAfter(text: string, { start }: Line): Line | undefined {
  const end = text.indexOf('\n', start);
  return end < 0 ? undefined : lineAt(text, end + 1);
}

/** The key that a line begins with. */
export function readKey({ text }: Line): string | undefined {
  return /^\s*(?:- )?["']?([\w$@.-]+)["']?:(?:\s|$)/.exec(text)?.[1];
}

/** Where an unquoted text with a placeholder begins and ends in a line. */
export function findUnquotedPlaceholder(line: string): Span | undefined {
  let start = 0;
  let depth = 0;
  let mark: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (mark !== undefined) {
      if (character === mark) mark = undefined;
      continue;
    }
    const opensValue = /^\s*(?:- )?$/.test(line.slice(start, index));
    if (opensValue && (character === '"' || character === "'")) mark = character;
    else if (line.startsWith('{{', index))
      return { start: trimStart(line, start), end: endOfText(line, index, depth) };
    else if (character === '#' && /\s$/.test(line.slice(0, index))) return undefined;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    const isKeyEnd = character === ':' && /\s/.test(line.charAt(index + 1));
    const isListItem =
      character === '-' &&
      depth === 0 &&
      line.slice(start, index).trim() === '' &&
      line.charAt(index + 1) === ' ';
    if (isKeyEnd || isListItem || (depth > 0 && /[[{,]/.test(character))) start = index + 1;
  }
  return undefined;
}

function trimStart(line: string, start: number): number {
  return start + (line.length - start - line.slice(start).trimStart().length);
}

/** The end of an unquoted text: the end of its line, or in brackets what closes or separates it. */
function endOfText(line: string, from: number, depth: number): number {
  if (depth === 0) {
    const comment = line.search(/\s#/);
    return (comment < 0 ? line : line.slice(0, comment)).trimEnd().length;
  }
  const rest = line.slice(from);
  const [text = ''] = /^(?:\{\{[^{}]*\}\}|[^,\]}{])*/.exec(rest) ?? [];
  return from + text.trimEnd().length;
}
