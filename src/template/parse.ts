import Handlebars from 'handlebars';

/** A hole in a text: `{{input.customer.id}}` is the path `['input', 'customer', 'id']`. */
export interface Hole {
  readonly path: readonly string[];
  /** Offsets of the whole hole, braces included, into the text it was parsed from. */
  readonly start: number;
  readonly end: number;
}

/** Something in a text that this template language does not speak; a warning does not stop anything. */
export interface TemplateFault {
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
  readonly parts: readonly (string | Hole)[];
  readonly faults: readonly TemplateFault[];
}

const plainHole = /^\{\{\s*([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)\s*\}\}$/;
const fix = 'write a plain hole: {{input.name}}';

/**
 * Reads a text with Handlebars' own parser and accepts plain holes only; its runtime never renders.
 * Blocks, helpers, partials, comments, literals, raw and triple braces, `@data` and `../` are faults.
 */
export function parseTemplate(text: string): ParsedTemplate {
  if (!text.includes('{') && !text.includes('}')) return { parts: text === '' ? [] : [text], faults: [] };
  const statements = parseWithHandlebars(text);
  if (statements === undefined) return { parts: [], faults: [brokenHole(text)] };
  const holes: Hole[] = [];
  const faults: TemplateFault[] = escapes(text);
  for (const { type, start, end } of statements) {
    if (type === 'ContentStatement') continue;
    const name = plainHole.exec(text.slice(start, end))?.[1];
    if (name === undefined) faults.push(beyondHoles(type, start, end));
    else holes.push({ path: name.split('.'), start, end });
  }
  if (faults.length > 0) return { parts: [], faults };
  const parts = cut(text, holes);
  return { parts, faults: loneBraces(text, holes) };
}

interface Statement {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

function parseWithHandlebars(text: string): readonly Statement[] | undefined {
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
function brokenHole(text: string): TemplateFault {
  const isOdd = (hole: string) => !plainHole.test(hole) || /^\{\{\s*else\b/.test(hole);
  const odd = [...text.matchAll(/\{\{[^{}]*(?:\}\})?/g)].find(([hole]) => isOdd(hole));
  const start = odd?.index ?? 0;
  const end = start + (odd?.[0].length ?? text.length);
  return { severity: 'error', code: 'T101', message: 'a hole that cannot be read', start, end, fix };
}

const kinds: Readonly<Record<string, string>> = {
  MustacheStatement: 'a hole names one value, with a dot between names',
  BlockStatement: 'there are no blocks here: no {{#if}}, no loops',
  CommentStatement: 'a comment belongs into YAML: # like this',
  PartialStatement: 'there are no partials here',
};

function beyondHoles(type: string, start: number, end: number): TemplateFault {
  const message = kinds[type] ?? 'templates have plain holes only';
  return { severity: 'error', code: 'T102', message, start, end, fix };
}

function escapes(text: string): TemplateFault[] {
  return [...text.matchAll(/\\\{\{/g)].map(({ index }) => ({
    severity: 'error',
    code: 'T102',
    message: 'a backslash does not switch a hole off',
    start: index,
    end: index + 3,
    fix: 'literal double braces cannot be written in a template',
  }));
}

function cut(text: string, holes: readonly Hole[]): readonly (string | Hole)[] {
  const ends = [0, ...holes.map((hole) => hole.end)];
  const pieces = ends.flatMap((end, index) => {
    const next = holes[index];
    return next === undefined ? [text.slice(end)] : [text.slice(end, next.start), next];
  });
  return pieces.filter((piece) => piece !== '');
}

function loneBraces(text: string, holes: readonly Hole[]): readonly TemplateFault[] {
  const inHole = (index: number) => holes.some((hole) => hole.start <= index && index < hole.end);
  return [...text.matchAll(/[{}]+/g)]
    .filter(({ index }) => !inHole(index))
    .map(({ index, 0: braces }) => ({
      severity: 'warning',
      code: 'T103',
      message: `a lone "${braces}" is sent as it stands`,
      start: index,
      end: index + braces.length,
      fix: 'a hole has two braces on each side: {{input.name}}',
    }));
}
