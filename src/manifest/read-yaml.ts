import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  stringify,
} from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import { toJsonPointer } from '../model/json-pointer.ts';
import type { Span } from '../model/span.ts';
import { locateDiagnostic, type NodeSpans, type SourceFile } from './source-file.ts';

/** The result of reading one file: its source, or the errors that prevent reading it. */
export interface YamlReadResult {
  readonly source?: SourceFile;
  readonly diagnostics: readonly Diagnostic[];
}

interface YamlDiagnostic {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  readonly fix?: string;
}

/**
 * Reads one YAML 1.2 file as plain JSON data, with the location of each value. Anchors, aliases, merge keys, tags,
 * multiple documents and keys that are not text are errors.
 */
export function readYaml(file: string, text: string): YamlReadResult {
  const reader = new YamlReader();
  const data = reader.read(text);
  const { diagnostics, nodeSpans } = reader;
  const source: SourceFile = { file, text, data: data ?? null, nodeSpans };
  if (diagnostics.length > 0)
    return { diagnostics: diagnostics.map((diagnostic) => toDiagnostic(source, diagnostic)) };
  return { source, diagnostics: [] };
}

/** Plain data as YAML text, without anchors and without folded lines. */
export function printYaml(data: unknown): string {
  return stringify(data, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function toDiagnostic(source: SourceFile, { code, message, span, fix }: YamlDiagnostic): Diagnostic {
  return locateDiagnostic(source, span, { severity: 'error', code, message, fix });
}

const codes: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'Y102',
  BAD_ALIAS: 'Y103',
  TAG_RESOLVE_FAILED: 'Y104',
  MULTIPLE_DOCS: 'Y105',
};

class YamlReader {
  readonly diagnostics: YamlDiagnostic[] = [];
  readonly nodeSpans = new Map<string, NodeSpans>();

  read(text: string): Json | undefined {
    try {
      const document = parseDocument(text, {
        lineCounter: new LineCounter(),
        prettyErrors: false,
        schema: 'core',
        version: '1.2',
      });
      for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
        this.#report(codes[code] ?? 'Y101', message, { start: pos[0], end: pos[1] });
      }
      if (this.diagnostics.length > 0) return undefined;
      if (document.contents === null) this.#report('Y105', 'the file is empty', { start: 0, end: 1 });
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
    return this.#scalar(isScalar(node) ? node.value : null, span);
  }

  #map(pairs: readonly Pair<Node, Node | null>[], pointer: string): Json {
    const entries = pairs.flatMap(({ key, value }) => {
      const span = spanOf(key) ?? { start: 0, end: 0 };
      const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined;
      if (name === undefined || name === '__proto__') {
        return this.#rejectEntry(
          'Y106',
          'a key must be plain text',
          span,
          'put it in quotes, or use another name',
        );
      }
      if (name === '<<')
        return this.#rejectEntry('Y103', 'a merge key (<<) is not supported', span, 'repeat the keys');
      return [[name, this.#value(value, pointer + toJsonPointer(name), span)] as const];
    });
    return Object.fromEntries(entries);
  }

  #scalar(value: unknown, span: Span): Json {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return this.#rejectValue(
        'Y107',
        'a number that JSON cannot represent',
        span,
        'put it in quotes if it is text',
      );
    }
    return value as Json;
  }

  #rejectValue(code: string, what: string, span: Span, fix: string): null {
    this.#report(code, `${what} is not supported`, span, fix);
    return null;
  }

  #rejectEntry(code: string, message: string, span: Span, fix: string): [] {
    this.#report(code, message, span, fix);
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
