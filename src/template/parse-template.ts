import Handlebars from 'handlebars';

/** A placeholder in a text: `{{input.customer.id}}` has the path `['input', 'customer', 'id']`. */
export interface ParsedPlaceholder {
  readonly path: readonly string[];
  /** Offsets of the placeholder in its text, braces included. */
  readonly start: number;
  readonly end: number;
}

/** An error or warning for a template. Templates with warnings can be used. */
export interface TemplateDiagnostic {
  readonly severity: 'error' | 'warning';
  /** T101: a placeholder is not closed or empty. T102: other Handlebars syntax. T103: a single brace. */
  readonly code: 'T101' | 'T102' | 'T103';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly fix?: string;
}

/** The static texts and placeholders of a template, in order. `parts` is empty if there are errors. */
export interface ParsedTemplate {
  readonly parts: readonly (string | ParsedPlaceholder)[];
  readonly diagnostics: readonly TemplateDiagnostic[];
}

const plainPlaceholder = /^\{\{\s*([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)\s*\}\}$/;
const fix = 'write a plain placeholder: {{input.name}}';

/**
 * Parses a template with the parser of Handlebars, whose runtime is never used. Only plain placeholders are allowed:
 * blocks, helpers, partials, comments, literals, raw and triple braces, `@data` and `../` are errors.
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
  const offset = ({ line, column }: { line: number; column: number }) => (lines[line - 1] ?? 0) + column;
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

/** Reports the first invalid placeholder, which is more helpful than the error message of the parser. */
function brokenPlaceholder(text: string): TemplateDiagnostic {
  const isInvalid = (placeholder: string) =>
    !plainPlaceholder.test(placeholder) || /^\{\{\s*else\b/.test(placeholder);
  const invalid = [...text.matchAll(/\{\{[^{}]*(?:\}\})?/g)].find(([placeholder]) => isInvalid(placeholder));
  const start = invalid?.index ?? 0;
  const end = start + (invalid?.[0].length ?? text.length);
  return { severity: 'error', code: 'T101', message: 'the placeholder is not valid', start, end, fix };
}

const unsupportedMessages: Readonly<Record<string, string>> = {
  MustacheStatement: 'a placeholder is one path of names, separated by dots',
  BlockStatement: 'blocks such as {{#if}} and {{#each}} are not supported',
  CommentStatement: 'template comments are not supported; use a YAML comment: # text',
  PartialStatement: 'partials are not supported',
};

function unsupportedSyntax(type: string, start: number, end: number): TemplateDiagnostic {
  const message = unsupportedMessages[type] ?? 'only plain placeholders are supported';
  return { severity: 'error', code: 'T102', message, start, end, fix };
}

function findEscapes(text: string): TemplateDiagnostic[] {
  return [...text.matchAll(/\\\{\{/g)].map(({ index }) => ({
    severity: 'error',
    code: 'T102',
    message: 'a backslash does not escape a placeholder',
    start: index,
    end: index + 3,
    fix: 'double braces cannot be part of the text',
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
      message: `a single "${braces}" is sent as it is`,
      start: index,
      end: index + braces.length,
      fix: 'for a placeholder, write two braces on each side: {{input.name}}',
    }));
}
