import type { Diagnostic } from '../model/diagnostic.ts';
import { pointerWord } from '../validation/sentences.ts';
import { diagnosticAt, type Source, spanAt } from './source.ts';

/** How to point: at the key instead of the value, or at a piece of text inside the value. */
export interface Aim {
  readonly key?: boolean;
  readonly text?: string;
  readonly fix?: string | undefined;
}

/** A place in a file that can be complained about. What is said twice about one place is kept once. */
export class Site {
  readonly source: Source;
  readonly pointer: string;
  readonly #diagnostics: Map<string, Diagnostic>;

  constructor(source: Source, diagnostics: Map<string, Diagnostic>, pointer = '') {
    this.source = source;
    this.pointer = pointer;
    this.#diagnostics = diagnostics;
  }

  /** The place below this one: `site.at('request', 'path')`. */
  at(...words: readonly (string | number)[]): Site {
    const below = words.map((word) => `/${pointerWord(String(word))}`).join('');
    return new Site(this.source, this.#diagnostics, this.pointer + below);
  }

  error(code: string, message: string, aim: Aim = {}): void {
    this.#say('error', code, message, aim);
  }

  warning(code: string, message: string, aim: Aim = {}): void {
    this.#say('warning', code, message, aim);
  }

  #say(severity: 'error' | 'warning', code: string, message: string, { fix, ...aim }: Aim): void {
    const span = spanAt(this.source, this.pointer, aim);
    const diagnostic = diagnosticAt(this.source, span, { severity, code, message, ...(fix && { fix }) });
    this.#diagnostics.set(`${diagnostic.place.file}:${span.start} ${code} ${message}`, diagnostic);
  }
}
