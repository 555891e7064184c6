import type { Edit } from '../../model/diagnostic.ts';
import type { Span } from '../../model/span.ts';
import { trimEnd } from '../../model/trim-end.ts';
import { findLines, findUnquotedPlaceholder, type Line, type LinePlace, readKey } from './yaml-lines.ts';

/** An error of the YAML parser: its own code, its message, and the offsets that it names. */
export interface ParserError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** What is wrong, in words of the author, and where. */
export interface YamlExplanation {
  readonly message: string;
  readonly span: Span;
  readonly fix?: string | undefined;
  readonly edit?: Edit | undefined;
  readonly related?: { readonly message: string; readonly span: Span } | undefined;
}

/** Longer lines are not written by hand, and are not explained. */
const maxLineLength = 2000;

type Explain = (at: ErrorPlace) => YamlExplanation | undefined;

interface ErrorPlace extends LinePlace {
  readonly error: ParserError;
  readonly text: string;
}

/**
 * Explains an error of the YAML parser by its usual cause: the parser says where it could not continue, which is often
 * not where the mistake is. Undefined if the cause is not known.
 */
export function explainYamlError(text: string, error: ParserError): YamlExplanation | undefined {
  const place = { error, text, ...findLines(text, error.pos[0]) };
  if (place.line.text.length > maxLineLength) return undefined;
  for (const explain of causes) {
    const explanation = explain(place);
    if (explanation !== undefined) return explanation;
  }
  return undefined;
}

/** The span and the edit of a placeholder that needs quotes, in the line of an offset; undefined if it has none. */
export function explainUnquotedPlaceholder(text: string, offset: number): YamlExplanation | undefined {
  const { line } = findLines(text, offset);
  const at = line.text.length > maxLineLength ? undefined : findUnquotedPlaceholder(line.text);
  if (at === undefined) return undefined;
  const span = { start: line.start + at.start, end: line.start + at.end };
  // JSON's quotes are YAML's.
  const quoted = JSON.stringify(text.slice(span.start, span.end));
  return {
    message: 'a text with a placeholder needs quotes here',
    span,
    fix: `write ${quoted}`,
    edit: { ...span, text: quoted },
  };
}

const causes: readonly Explain[] = [
  ({ text, error }) =>
    error.code === 'MULTIPLE_DOCS' ? undefined : explainUnquotedPlaceholder(text, error.pos[0]),
  explainTab,
  explainSecondDocument,
  explainMissingColon,
  explainListItem,
  explainUnclosedBracket,
  explainUnclosedQuote,
  explainColonInText,
  explainReservedCharacter,
  explainIndentation,
];

/** A tab in the indentation. */
function explainTab({ line }: ErrorPlace): YamlExplanation | undefined {
  const [indentation = ''] = /^[ \t]*/.exec(line.text) ?? [];
  if (!indentation.includes('\t')) return undefined;
  const span = { start: line.start, end: line.start + indentation.length };
  const edit = { ...span, text: indentation.replaceAll('\t', '  ') };
  return {
    message: 'the line is indented with a tab, which YAML does not allow',
    span,
    fix: 'use spaces',
    edit,
  };
}

function explainSecondDocument({ error, line }: ErrorPlace): YamlExplanation | undefined {
  if (error.code !== 'MULTIPLE_DOCS') return undefined;
  return {
    message: 'a second document begins here, but a file has one',
    span: { start: line.start, end: line.start + line.text.trimEnd().length },
    fix: 'remove the line "---", or move what follows to a file of its own',
  };
}

/** `request` alone on a line, above lines that are indented deeper. */
function explainMissingColon({ line, next }: ErrorPlace): YamlExplanation | undefined {
  const [, key] = /^\s*(?:- )?([\w$@.-]+)\s*(?:#.*)?$/.exec(line.text) ?? [];
  if (key === undefined || next === undefined || next.indent <= line.indent) return undefined;
  const start = line.start + line.text.indexOf(key);
  const end = start + key.length;
  return {
    message: `the colon after "${key}" is missing`,
    span: { start, end },
    fix: `write ${key}:`,
    edit: { start: end, end, text: ':' },
  };
}

/** `- reason:` between the keys of an object. */
function explainListItem({ line, previous, next }: ErrorPlace): YamlExplanation | undefined {
  const neighbor = [previous, next].find((other) => other !== undefined && other.indent === line.indent);
  if (!/^\s*- /.test(line.text) || neighbor === undefined || /^\s*- /.test(neighbor.text)) return undefined;
  const start = line.start + line.indent;
  return {
    message: 'a list item ("- ") stands between the keys of an object',
    span: { start, end: start + 1 },
    fix: 'remove "- "',
    edit: { start, end: start + 2, text: '' },
  };
}

const closers: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

function explainUnclosedBracket({ error, text }: ErrorPlace): YamlExplanation | undefined {
  if (
    !/must end with|must be sufficiently indented and end with|Missing , or : between flow/.test(
      error.message,
    )
  )
    return undefined;
  const open = findUnclosedBracket(text, error.pos[0]);
  if (open === undefined) return undefined;
  const bracket = text.charAt(open);
  return {
    message: `the "${bracket}" is not closed`,
    span: { start: open, end: open + 1 },
    fix: `add ${closers[bracket]} at its end`,
  };
}

function explainUnclosedQuote({ error, text }: ErrorPlace): YamlExplanation | undefined {
  const [, quoteMark] = /^Missing closing (['"])/.exec(error.message) ?? [];
  if (quoteMark === undefined) return undefined;
  // The quoted text runs to where the parser stopped: it begins at the last mark that opens a value before that.
  const start = text.lastIndexOf(quoteMark, error.pos[0] - 1);
  if (start < 0 || !':,[{-'.includes(trimEnd(text.slice(0, start), ' ').at(-1) ?? 'x')) return undefined;
  return {
    message: 'the quote is not closed',
    span: { start, end: start + 1 },
    fix: `add ${quoteMark} at the end of the text`,
  };
}

/** `title: A: b`. */
function explainColonInText({ error, line }: ErrorPlace): YamlExplanation | undefined {
  if (!error.message.includes('Nested mappings are not allowed')) return undefined;
  const [key] = /^\s*(?:- )?[\w$@.-]+:\s+/.exec(line.text) ?? [];
  if (key === undefined) return undefined;
  const value = withoutComment(line.text).slice(key.length);
  if (!value.includes(': ')) return undefined;
  const start = line.start + key.length;
  const span = { start, end: start + value.length };
  const quoted = JSON.stringify(value);
  return {
    message: 'a text that has ": " in it needs quotes',
    span,
    fix: `write ${quoted}`,
    edit: { ...span, text: quoted },
  };
}

function withoutComment(text: string): string {
  const comment = text.search(/\s#/);
  return (comment < 0 ? text : text.slice(0, comment)).trimEnd();
}

/** A text that begins with `@`, a backtick or `%`. */
function explainReservedCharacter({ error, line }: ErrorPlace): YamlExplanation | undefined {
  const found = /[:,[{-]\s+(?=[@`%])/.exec(line.text);
  if (found === null || error.code !== 'BAD_SCALAR_START') return undefined;
  const before = found.index + found[0].length;
  const value = line.text
    .slice(before)
    .replace(/[,\]}#].*$/, '')
    .trimEnd();
  const start = line.start + before;
  const span = { start, end: start + value.length };
  const quoted = JSON.stringify(value);
  const message = `a text that begins with ${value.charAt(0)} needs quotes`;
  return { message, span, fix: `write ${quoted}`, edit: { ...span, text: quoted } };
}

const indentationCodes = [
  'BAD_INDENT',
  'MULTILINE_IMPLICIT_KEY',
  'BLOCK_AS_IMPLICIT_KEY',
  'UNEXPECTED_TOKEN',
];

/** A line that is indented more or less than the keys that it belongs to. */
function explainIndentation({ error, line, previous, next }: ErrorPlace): YamlExplanation | undefined {
  const key = readKey(line);
  if (!indentationCodes.includes(error.code) || key === undefined) return undefined;
  const follows = previous !== undefined && /:\s*$/.test(previous.text) && previous.indent === line.indent;
  if (follows && next !== undefined && next.indent > line.indent)
    return indent(line, next.indent, `"${key}" is not indented below "${readKey(previous)}"`);
  if (previous !== undefined && line.indent > previous.indent && !/:\s*$/.test(previous.text))
    return indent(line, previous.indent, `"${key}" is indented deeper than the line above it`);
  if (
    next !== undefined &&
    next.indent > line.indent &&
    readKey(next) !== undefined &&
    !/:\s*$/.test(line.text)
  )
    return indent(next, line.indent, `"${readKey(next)}" is indented deeper than the line above it`);
  return undefined;
}

function indent(line: Line, to: number, message: string): YamlExplanation {
  const key = readKey(line) ?? '';
  const start = line.start + line.indent;
  return {
    message,
    span: { start, end: start + key.length },
    fix: to === 0 ? 'begin it in the first column' : `indent it by ${to} spaces`,
    edit: { start: line.start, end: start, text: ' '.repeat(to) },
  };
}

/** The last bracket before an offset that has no counterpart. Quoted texts and comments are skipped. */
function findUnclosedBracket(text: string, end: number): number | undefined {
  if (text.split('\n').some(({ length }) => length > maxLineLength)) return undefined;
  const open: number[] = [];
  for (const { 0: token, index } of text
    .slice(0, end)
    .matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|(?<=^|\s)#.*$|[{}[\]]/gm)) {
    if (token === '{' || token === '[') open.push(index);
    else if (token === '}' || token === ']') open.pop();
  }
  return open.at(-1);
}
