import type { Diagnostic, SourceLocation } from '../../model/diagnostic.ts';
import type { Json } from '../../model/json.ts';
import { parseJsonPointer, readPointer, toJsonPointer } from '../../model/json-pointer.ts';
import { findSpan, locateDiagnostic, locateSpan, type SourceFile } from './source-file.ts';

/** Options of a report: point at the key instead of the value, or at a text inside the value. */
export interface ReportOptions {
  readonly key?: boolean;
  readonly text?: string;
  readonly fix?: string | undefined;
  /** The text that replaces what is underlined, if that is certainly what the author means. */
  readonly replacement?: string | undefined;
  /** The other place that the report is about. */
  readonly related?:
    | { readonly node: SourceNode; readonly message: string; readonly key?: boolean }
    | undefined;
}

/** A value in a file, for which diagnostics can be reported. The same report for the same value is kept once. */
export class SourceNode {
  readonly source: SourceFile;
  readonly pointer: string;
  readonly #diagnostics: Map<string, Diagnostic>;

  constructor(source: SourceFile, diagnostics: Map<string, Diagnostic>, pointer = '') {
    this.source = source;
    this.pointer = pointer;
    this.#diagnostics = diagnostics;
  }

  /** A value below this one: `node.at('request', 'path')`. */
  at(...names: readonly (string | number)[]): SourceNode {
    return new SourceNode(this.source, this.#diagnostics, this.pointer + toJsonPointer(...names));
  }

  /** The last name of the pointer: the key or the index of the value. */
  get name(): string {
    return parseJsonPointer(this.pointer).at(-1) ?? '';
  }

  /** The value; undefined if there is none at this place. */
  get data(): Json | undefined {
    return readPointer(this.source.data, this.pointer);
  }

  /** Whether the object that has this value has another member of this name. */
  hasSibling(name: string): boolean {
    const parent = this.pointer.slice(0, this.pointer.lastIndexOf('/'));
    return readPointer(this.source.data, parent + toJsonPointer(name)) !== undefined;
  }

  /** Where the value stands; for a whole file its first key. */
  get location(): SourceLocation {
    return this.#place().location;
  }

  /** Where the key of the value stands. */
  get keyLocation(): SourceLocation {
    return this.#place(true).location;
  }

  /** The text of the value in the file. */
  get raw(): string {
    const { start, end } = findSpan(this.source, this.pointer);
    return this.source.text.slice(start, end);
  }

  /** Whether the value or a part of it does not conform to the grammar, which is reported already. */
  get isBroken(): boolean {
    return this.source.broken.some(
      (pointer) => pointer === this.pointer || pointer.startsWith(`${this.pointer}/`),
    );
  }

  error(code: string, message: string, aim: ReportOptions = {}): void {
    this.#report('error', code, message, aim);
  }

  warning(code: string, message: string, aim: ReportOptions = {}): void {
    this.#report('warning', code, message, aim);
  }

  #report(
    severity: 'error' | 'warning',
    code: string,
    message: string,
    { fix, replacement, related, ...aim }: ReportOptions,
  ): void {
    const span = findSpan(this.source, this.pointer, aim);
    const edit = replacement === undefined ? undefined : { ...span, text: replacement };
    const diagnostic = locateDiagnostic(this.source, span, {
      ...{ severity, code, message, fix, edit },
      related: related && { message: related.message, ...related.node.#place(related.key) },
    });
    this.#diagnostics.set(`${diagnostic.location.file}:${span.start} ${code} ${message}`, diagnostic);
  }

  #place(key = false): Pick<Diagnostic, 'location' | 'sourceLine'> {
    return locateSpan(this.source, findSpan(this.source, this.pointer, { key }));
  }
}
