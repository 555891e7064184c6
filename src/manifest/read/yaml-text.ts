import {
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  type ToStringOptions,
  visit,
} from 'yaml';
import { isExactNumber } from '../../model/exact-json.ts';
import type { Json } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import { lowerFirst } from '../../model/lower-first.ts';
import type { Span } from '../../model/span.ts';
import {
  explainUnquotedPlaceholder,
  explainYamlError,
  type ParserError,
  type YamlExplanation,
} from './explain-yaml-error.ts';
import type { NodeSpans } from './source-file.ts';

/** An error of a YAML text. */
export interface YamlDiagnostic extends YamlExplanation {
  readonly code: string;
}

const codes: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'Y103',
  TAG_RESOLVE_FAILED: 'Y104',
  MULTIPLE_DOCS: 'Y105',
};

function describeParserError(text: string, error: ParserError): YamlDiagnostic {
  const code = codes[error.code] ?? 'Y101';
  const explanation = explainYamlError(text, error);
  if (explanation !== undefined) return { code, ...explanation };
  return { code, message: lowerFirst(error.message), span: { start: error.pos[0], end: error.pos[1] } };
}

/** Parses one YAML 1.2 text as plain JSON data, and keeps the spans of its values. */
export class YamlParser {
  readonly diagnostics: YamlDiagnostic[] = [];
  readonly nodeSpans = new Map<string, NodeSpans>();

  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The data; undefined if the text cannot be parsed. */
  parse(): Json | undefined {
    try {
      const document = parseDocument(this.#text, {
        prettyErrors: false,
        schema: 'core',
        // The parser compares each key with all others; this class keeps the names.
        uniqueKeys: false,
        intAsBigInt: true,
        version: '1.2',
      });
      const [error] = [...document.errors, ...document.warnings];
      // The errors after the first one are usually its consequences.
      if (error !== undefined) {
        this.diagnostics.push(describeParserError(this.#text, error));
        return undefined;
      }
      if (document.contents === null)
        this.#report(
          'Y105',
          'the file is empty',
          { start: 0, end: 1 },
          'write title, description and what follows, or delete the file',
        );
      return this.#value(document.contents, '');
    } catch (error) {
      // The parser is recursive: very deep nesting overflows the stack instead of giving a list of errors.
      if (!(error instanceof RangeError)) throw error;
      this.#report('Y101', 'the nesting is too deep', { start: 0, end: 1 });
      return undefined;
    }
  }

  #value(node: Node | null, pointer: string, key?: Span): Json {
    const span = spanOf(node) ?? key ?? { start: 0, end: 0 };
    this.nodeSpans.set(pointer, { value: span, key });
    if (node === null) return null;
    if (isAlias(node)) return this.#rejectValue('Y103', 'an alias (*name)', span, 'repeat the value');
    if ('anchor' in node && node.anchor !== undefined) {
      return this.#rejectValue(
        'Y103',
        'an anchor (&name)',
        span,
        'remove it: aliases are not supported either',
      );
    }
    if (node.tag !== undefined) return this.#rejectValue('Y104', 'a tag (!name)', span, 'remove it');
    if (isMap<Node, Node | null>(node)) return this.#map(node.items, pointer);
    if (isSeq<Node>(node)) return node.items.map((item, index) => this.#value(item, `${pointer}/${index}`));
    return this.#scalar(isScalar(node) ? node.value : null, span, isScalar(node) ? node.source : undefined);
  }

  #map(pairs: readonly Pair<Node, Node | null>[], pointer: string): Json {
    const firsts = new Map<string, Span>();
    const entries = pairs.flatMap(({ key, value }) => {
      const span = spanOf(key) ?? { start: 0, end: 0 };
      const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined;
      if (name === undefined || name === '__proto__') {
        const placeholder = explainUnquotedPlaceholder(this.#text, span.start);
        if (placeholder !== undefined) this.diagnostics.push({ code: 'Y106', ...placeholder });
        if (placeholder !== undefined) return [];
        return this.#rejectEntry(
          'Y106',
          'a key must be plain text',
          span,
          'put it in quotes, or use another name',
        );
      }
      if (name === '<<')
        return this.#rejectEntry('Y103', 'a merge key (<<) is not supported', span, 'repeat the keys');
      const first = firsts.get(name);
      if (first !== undefined) return this.#rejectEqualKey(name, span, first);
      firsts.set(name, span);
      return [[name, this.#value(value, pointer + toJsonPointer(name), span)] as const];
    });
    return Object.fromEntries(entries);
  }

  #scalar(value: unknown, span: Span, source = ''): Json {
    const isChanged =
      typeof value === 'bigint'
        ? !Number.isSafeInteger(Number(value))
        : typeof value === 'number' &&
          /^[-+]?\d+\.\d+$/.test(source) &&
          !isExactNumber(source.replace('+', ''));
    if (isChanged) {
      const fix = 'put it in quotes, or use a number with fewer digits';
      return this.#rejectValue('Y107', 'a number with so many digits', span, fix);
    }
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return this.#rejectValue(
        'Y107',
        'a number that JSON cannot represent',
        span,
        'put it in quotes if it is text',
      );
    }
    if (typeof value === 'string') this.#checkQuotes(source, span);
    return value as Json;
  }

  /** Quotes of a word processor are characters of the text. */
  #checkQuotes(source: string, span: Span): void {
    const [, inner] = /^[“”„‟«‘’‚]([^“”„‟«»‘’‚]*)[“”»‘’]$/.exec(source) ?? [];
    if (inner === undefined) return;
    const quoted = JSON.stringify(inner);
    const message = 'these quotes are a part of the text, not the quotes of YAML';
    this.diagnostics.push({
      code: 'Y108',
      message,
      span,
      fix: `write ${quoted}`,
      edit: { ...span, text: quoted },
    });
  }

  #rejectValue(code: string, what: string, span: Span, fix: string): null {
    this.#report(code, `${what} is not supported`, span, fix);
    return null;
  }

  #rejectEntry(code: string, message: string, span: Span, fix: string): [] {
    this.#report(code, message, span, fix);
    return [];
  }

  #rejectEqualKey(name: string, span: Span, first: Span): [] {
    const related = { message: 'the first one', span: first };
    const message = `the key "${name}" stands twice`;
    this.diagnostics.push({ code: 'Y102', message, span, fix: 'remove one of them', related });
    return [];
  }

  #report(code: string, message: string, span: Span, fix?: string): void {
    this.diagnostics.push({ code, message, span, fix });
  }
}

function spanOf(node: unknown): Span | undefined {
  const range = (node as { range?: readonly [number, number, number] } | null)?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
}

/** Plain data as YAML text, without anchors and without folded lines. */
export function printYaml(data: unknown): string {
  return stringify(data, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** Plain data as YAML in one line: `{ status: 200, body: { title: Lamp } }`. */
export function printInline(data: unknown): string {
  const document = new Document(data, { aliasDuplicateObjects: false });
  visit(document, {
    // A plain text with a line break would be written in several lines.
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && /[\r\n]/.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  const style = { lineWidth: 0, collectionStyle: 'flow', blockQuote: false } satisfies ToStringOptions;
  return document.toString({ ...style, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER }).trimEnd();
}

/** A value of a YAML text by its path, and its new text; undefined to remove it. */
export interface YamlChange {
  readonly path: readonly string[];
  readonly yaml: string | undefined;
}

/** Changes values of a YAML text. Comments, order and style of what stays are kept. */
export function changeYaml(text: string, changes: readonly YamlChange[]): string {
  const document = parseDocument(text);
  for (const { path, yaml } of changes) {
    if (yaml === undefined) document.deleteIn(path);
    else document.setIn(path, parseDocument(yaml).contents);
  }
  return document.toString({ lineWidth: 120 });
}
