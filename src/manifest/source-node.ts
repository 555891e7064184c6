import type { Diagnostic } from '../model/diagnostic.ts';
import { toJsonPointer } from '../model/json-pointer.ts';
import { findSpan, locateDiagnostic, type SourceFile } from './source-file.ts';

/** How to point: at the key instead of the value, or at a piece of text inside the value. */
export interface ReportOptions {
  readonly key?: boolean;
  readonly text?: string;
  readonly fix?: string | undefined;
}

/** A place in a file that can be complained about. What is said twice about one place is kept once. */
export class SourceNode {
  readonly source: SourceFile;
  readonly pointer: string;
  readonly #diagnostics: Map<string, Diagnostic>;

  constructor(source: SourceFile, diagnostics: Map<string, Diagnostic>, pointer = '') {
    this.source = source;
    this.pointer = pointer;
    this.#diagnostics = diagnostics;
  }

  /** The place below this one: `site.at('request', 'path')`. */
  at(...words: readonly (string | number)[]): SourceNode {
    return new SourceNode(this.source, this.#diagnostics, this.pointer + toJsonPointer(...words));
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
    { fix, ...aim }: ReportOptions,
  ): void {
    const span = findSpan(this.source, this.pointer, aim);
    const diagnostic = locateDiagnostic(this.source, span, { severity, code, message, ...(fix && { fix }) });
    this.#diagnostics.set(`${diagnostic.location.file}:${span.start} ${code} ${message}`, diagnostic);
  }
}
