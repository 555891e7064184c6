import type { Diagnostic } from '../model/diagnostic.ts';
import { toJsonPointer } from '../model/json-pointer.ts';
import { findSpan, locateDiagnostic, type SourceFile } from './source-file.ts';

/** Options of a report: point at the key instead of the value, or at a text inside the value. */
export interface ReportOptions {
  readonly key?: boolean;
  readonly text?: string;
  readonly fix?: string | undefined;
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
    const diagnostic = locateDiagnostic(this.source, span, { severity, code, message, fix });
    this.#diagnostics.set(`${diagnostic.location.file}:${span.start} ${code} ${message}`, diagnostic);
  }
}
