import Handlebars from 'handlebars';

/** A hole in a text: `{{input.customer.id}}` is the path `['input', 'customer', 'id']`. */
export interface ParsedPlaceholder {
  readonly path: readonly string[];
  /** Offsets of the whole hole, braces included, into the text it was parsed from. */
  readonly start: number;
  readonly end: number;
}

/** Something in a text that this template language does not speak; a warning does not stop anything. */
export interface TemplateDiagnostic {
  readonly severity: 'error' | 'warning';
  /** T101 a hole that is not closed or empty · T102 Handlebars beyond holes · T103 a lone brace. */
  readonly code: 'T101' | 'T102' | 'T103';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly fix?: string;
}

/** A text cut into static pieces and holes, in order. `parts` is empty when a fault is an error. */
export interface ParsedTemplate {
  readonly parts: readonly (string | ParsedPlaceholder)[];
  readonly diagnostics: readonly TemplateDiagnostic[];
}

const plainPlaceholder = /^\{\{\s*([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)\s*\}\}$/;
const fix = 'write a plain hole: {{input.name}}';

/**
 * Reads a text with Handlebars' own parser and accepts plain holes only; its runtime never renders.
 * Blocks, helpers, partials, comments, literals, raw and triple braces, `@data` and `../` are faults.
 */
export function parseTemplate(text: string): ParsedTemplate {
  if (!text.includes('{') && !text.includes('}'))
    return { parts: text === '' ? [] : [text], diagnostics: [] };
  const statements = parseWithHandlebars(text);
  if (statements === undefined) return { parts: [], diagnostics: [brokenPlaceholder(text)] };
  const placeholders: ParsedPlaceholder[] = [];
  const diagnostics: TemplateDiagnostic[] = findEscapes(text);
  for (const { type, start, end } of statements) {
    if (type === 'ContentStatement') continue;
    const name = plainPlaceholder.exec(text.slice(start, end))?.[1];
    if (name === undefined) diagnostics.push(unsupportedSyntax(type, start, end));
    else placeholders.push({ path: name.split('.'), start, end });
  }
  if (diagnostics.length > 0) return { parts: [], diagnostics };
  const parts = splitParts(text, placeholders);
  return { parts, diagnostics: findLoneBraces(text, placeholders) };
}

interface HandlebarsStatement {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

function parseWithHandlebars(text: string): readonly HandlebarsStatement[] | undefined {
  const lines = lineStarts(text);
  const offset = (place: { line: number; column: number }) => lines[place.line - 1]! + place.column;
  try {
    return Handlebars.parseWithoutProcessing(text).body.map(({ type, loc }) => ({
      type,
      start: offset(loc.start),
      end: offset(loc.end),
    }));
  } catch {
    return undefined;
  }
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n?|\n/g)].map((end) => end.index + end[0].length)];
}

/** The parser says what it expected in its own grammar's words; the first odd hole says more. */
function brokenPlaceholder(text: string): TemplateDiagnostic {
  const isInvalid = (placeholder: string) =>
    !plainPlaceholder.test(placeholder) || /^\{\{\s*else\b/.test(placeholder);
  const invalid = [...text.matchAll(/\{\{[^{}]*(?:\}\})?/g)].find(([placeholder]) => isInvalid(placeholder));
  const start = invalid?.index ?? 0;
  const end = start + (invalid?.[0].length ?? text.length);
  return { severity: 'error', code: 'T101', message: 'a hole that cannot be read', start, end, fix };
}

const unsupportedMessages: Readonly<Record<string, string>> = {
  MustacheStatement: 'a hole names one value, with a dot between names',
  BlockStatement: 'there are no blocks here: no {{#if}}, no loops',
  CommentStatement: 'a comment belongs into YAML: # like this',
  PartialStatement: 'there are no partials here',
};

function unsupportedSyntax(type: string, start: number, end: number): TemplateDiagnostic {
  const message = unsupportedMessages[type] ?? 'templates have plain holes only';
  return { severity: 'error', code: 'T102', message, start, end, fix };
}

function findEscapes(text: string): TemplateDiagnostic[] {
  return [...text.matchAll(/\\\{\{/g)].map(({ index }) => ({
    severity: 'error',
    code: 'T102',
    message: 'a backslash does not switch a hole off',
    start: index,
    end: index + 3,
    fix: 'literal double braces cannot be written in a template',
  }));
}

function splitParts(
  text: string,
  placeholders: readonly ParsedPlaceholder[],
): readonly (string | ParsedPlaceholder)[] {
  const ends = [0, ...placeholders.map((placeholder) => placeholder.end)];
  const pieces = ends.flatMap((end, index) => {
    const next = placeholders[index];
    return next === undefined ? [text.slice(end)] : [text.slice(end, next.start), next];
  });
  return pieces.filter((piece) => piece !== '');
}

function findLoneBraces(
  text: string,
  placeholders: readonly ParsedPlaceholder[],
): readonly TemplateDiagnostic[] {
  const inPlaceholder = (index: number) =>
    placeholders.some((placeholder) => placeholder.start <= index && index < placeholder.end);
  return [...text.matchAll(/[{}]+/g)]
    .filter(({ index }) => !inPlaceholder(index))
    .map(({ index, 0: braces }) => ({
      severity: 'warning',
      code: 'T103',
      message: `a lone "${braces}" is sent as it stands`,
      start: index,
      end: index + braces.length,
      fix: 'a hole has two braces on each side: {{input.name}}',
    }));
}
