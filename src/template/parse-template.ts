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
  /** What certainly was meant, in place of the text from `start` to `end`. */
  readonly replacement?: string | undefined;
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
  const statements = isNestedTooDeep(text) ? undefined : parseWithHandlebars(text);
  if (statements === undefined) return { parts: [], diagnostics: [explainBroken(text)] };
  const placeholders: ParsedPlaceholder[] = [];
  const diagnostics: TemplateDiagnostic[] = findEscapes(text);
  for (const { type, start, end } of statements) {
    if (type === 'ContentStatement') continue;
    const name = plainPlaceholder.exec(text.slice(start, end))?.[1];
    if (name === undefined) diagnostics.push(explainUnsupported(type, { start, end }, text));
    else placeholders.push({ path: name.split('.'), start, end });
  }
  if (diagnostics.length > 0) return { parts: [], diagnostics };
  const parts = splitParts(text, placeholders);
  const singles = findSingleBraces(parts);
  const isBroken = singles.some(({ severity }) => severity === 'error');
  return { parts: isBroken ? [] : parts, diagnostics: singles };
}

/** Blocks and expressions are errors at any depth. */
const maxNesting = 64;

/**
 * Whether the parser of Handlebars may need more stack than there is, or quadratic time. How deep it gets depends on what
 * the process has compiled so far, and so would the diagnostics.
 */
function isNestedTooDeep(text: string): boolean {
  const blocks = text.match(/\{\{~?[#^]/g)?.length ?? 0;
  if (blocks > maxNesting) return true;
  return (text.match(/\{\{[^{}]*/g) ?? []).some((placeholder) => placeholder.split('(').length > maxNesting);
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

/** Explains the first invalid placeholder, which is more helpful than the error message of the parser. */
function explainBroken(text: string): TemplateDiagnostic {
  const isInvalid = (placeholder: string) =>
    !plainPlaceholder.test(placeholder) || /^\{\{\s*else\b/.test(placeholder);
  const invalid = [...text.matchAll(/\{\{[^{}]*\}{0,2}/g)].find(([placeholder]) => isInvalid(placeholder));
  const start = invalid?.index ?? 0;
  const raw = invalid?.[0] ?? text;
  const span = { start, end: start + raw.length };
  const problem = explainSyntax(raw);
  return {
    severity: 'error',
    code: 'T101',
    ...span,
    ...(problem ?? { message: 'the placeholder is not valid', fix }),
  };
}

/** What is wrong in `{{input.a | upper}}`, `{{input.a}`, `{{upper input.a}}` and the like. */
function explainSyntax(raw: string): Pick<TemplateDiagnostic, 'message' | 'fix' | 'replacement'> | undefined {
  const [path] = /(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+/.exec(raw) ?? [];
  if (path === undefined) return undefined;
  const replacement = `{{${path}}}`;
  const write = `write ${replacement}`;
  if (!raw.endsWith('}}')) return { message: 'the placeholder is not closed', fix: write, replacement };
  const [, filter] = /\|\s*([A-Za-z]\w*)/.exec(raw) ?? [];
  if (filter === 'default')
    return { message: 'a placeholder has no filters', fix: `${write}, and give the input a "default"` };
  if (filter !== undefined) return { message: `a placeholder has no filters, such as ${filter}`, fix: write };
  if (/\?\?|\|\|/.test(raw))
    return { message: 'a placeholder is no expression', fix: `${write}, and give the input a "default"` };
  return undefined;
}

const unsupportedMessages: Readonly<Record<string, string>> = {
  MustacheStatement: 'a placeholder is one path of names, separated by dots',
  BlockStatement: 'blocks such as {{#if}} and {{#each}} are not supported',
  CommentStatement: 'template comments are not supported; use a YAML comment: # text',
  PartialStatement: 'partials are not supported',
};

function explainUnsupported(
  type: string,
  { start, end }: { readonly start: number; readonly end: number },
  text: string,
): TemplateDiagnostic {
  const raw = text.slice(start, end);
  const [, helper, path] = /^\{\{\s*([A-Za-z]\w*)\s+([A-Za-z]\w*(?:\.[A-Za-z]\w*)+)\s*\}\}$/.exec(raw) ?? [];
  const problem =
    path === undefined
      ? explainSyntax(raw)
      : {
          message: `there are no functions, such as ${helper}`,
          fix: `write {{${path}}}`,
          replacement: `{{${path}}}`,
        };
  const message = unsupportedMessages[type] ?? 'only plain placeholders are supported';
  const isPlain = type === 'MustacheStatement';
  return { severity: 'error', code: 'T102', start, end, ...((isPlain && problem) || { message, fix }) };
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

/** Single braces are sent as they are; around the path of an input they are a mistyped placeholder. */
function findSingleBraces(parts: ParsedTemplate['parts']): readonly TemplateDiagnostic[] {
  // Placeholders become text without braces, of the same length.
  const text = parts
    .map((part) => (typeof part === 'string' ? part : '*'.repeat(part.end - part.start)))
    .join('');
  const mistyped = [...text.matchAll(/\$?\{\s*((?:input|table|connection)(?:\.[A-Za-z]\w*)+)\s*\}/g)];
  if (mistyped.length > 0) {
    return mistyped.map(({ index, 0: raw, 1: path }) => ({
      severity: 'error',
      code: 'T103',
      message: `${raw} is no placeholder: a placeholder has two braces on each side`,
      start: index,
      end: index + raw.length,
      fix: `write {{${path}}}`,
      replacement: `{{${path}}}`,
    }));
  }
  return [...text.matchAll(/[{}]+/g)].map(({ index, 0: braces }) => ({
    severity: 'warning',
    code: 'T103',
    message: `a single "${braces}" is sent as it is`,
    start: index,
    end: index + braces.length,
    fix: 'for a placeholder, write two braces on each side: {{input.name}}',
  }));
}
