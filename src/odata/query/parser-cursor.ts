import type { Span } from '../../model/span.ts';
import { maxUrlLength } from '../limits.ts';
import type { ParameterAliases, ParseDiagnostic, ParseResult } from './ast.ts';
import { type Token, tokenize } from './tokenize.ts';

/** How deep parentheses, `not`, lambdas and `$expand` may be nested in each other. */
export const maxNesting = 64;
/** After so many faults a text is not a query; the rest would be noise. */
const maxDiagnostics = 20;

/** Thrown and caught inside this folder only: the fault is noted, this piece of the text has no meaning. */
class ParseAborted extends Error {
  readonly fatal: boolean;
  constructor(fatal: boolean) {
    super();
    this.fatal = fatal;
  }
}

/** A place in a text being parsed, and the faults found on the way. */
export class ParserCursor {
  readonly diagnostics: ParseDiagnostic[] = [];
  /** Values of aliases; without them an alias is a fault. */
  readonly aliases: ParameterAliases | undefined;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;
  /** Parentheses that are open at this place. */
  #open = 0;

  constructor(tokens: readonly Token[], aliases?: ParameterAliases) {
    this.#tokens = tokens;
    this.aliases = aliases;
  }

  /** Over the value of an alias: all that is read from it stands where the alias stands. */
  static forAliasValue(text: string, { start, end }: Span): ParserCursor {
    return new ParserCursor(tokenize(text).map((token) => ({ ...token, start, end })));
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    if (this.isNext('(')) this.#open++;
    if (this.isNext(')')) this.#open--;
    if (token.kind !== 'end') this.#index++;
    return token;
  }

  /** Whether the next token is this symbol or word. */
  isNext(text: string): boolean {
    const { kind, text: found } = this.peek();
    return (kind === 'symbol' || kind === 'word') && found === text;
  }

  /** Steps over this symbol or word if it comes next. */
  accept(text: string): boolean {
    const found = this.isNext(text);
    if (found) this.next();
    return found;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`Expected "${text}"${this.#found()}.`);
  }

  /** Steps over ")", or says that the one opened at `open` is never closed. */
  expectClosing(open: Token): void {
    if (this.accept(')')) return;
    if (this.peek().kind === 'end')
      this.fail('This parenthesis is never closed.', { isNext: open, fix: 'Add ")".' });
    this.expect(')');
  }

  /** From a node's first token to the last one read. */
  spanFrom(first: Span): Span {
    return { start: first.start, end: this.#tokens[this.#index - 1]?.end ?? first.end };
  }

  /** Notes a fault and goes on; a second one at the same place would only be an echo of the first. */
  report(
    message: string,
    { isNext = this.peek() as Span, fix }: { isNext?: Span; fix?: string | undefined } = {},
  ): void {
    if (this.diagnostics.at(-1)?.start === isNext.start) return;
    this.diagnostics.push({
      message,
      start: isNext.start,
      end: isNext.end,
      ...(fix === undefined ? {} : { fix }),
    });
    if (this.diagnostics.length >= maxDiagnostics) throw new ParseAborted(true);
  }

  /** Notes a fault and gives this piece up. */
  fail(message: string, details: { isNext?: Span; fix?: string | undefined; fatal?: boolean } = {}): never {
    this.report(message, details);
    throw new ParseAborted(details.fatal ?? false);
  }

  /** "Expected a column", with what stands there instead. */
  failExpected(what: string, fix?: string): never {
    const { kind, start } = this.peek();
    const before = this.#tokens[this.#index - 1];
    const doubled = "Double a quote inside: 'O''Brien'.";
    if (before?.kind === 'string' && before.end === start && /word|open|value/.test(kind)) {
      this.fail('The string ends at this quote.', { isNext: { start: start - 1, end: start }, fix: doubled });
    }
    if (kind === 'open') this.fail('This quote is never closed.', { fix: doubled });
    return this.fail(`Expected ${what}${this.#found()}.`, { fix });
  }

  /** Runs `parse` one level deeper; text that is nested too deep is given up as a whole. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= maxNesting) this.fail(`Nested deeper than ${maxNesting} levels.`, { fatal: true });
    this.#depth++;
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  /** Runs `parse`; when it gives up, goes on at the next of `stops` (or ")") outside of what it had opened. */
  attempt<T>(stops: readonly string[], parse: () => T): T | undefined {
    const open = this.#open;
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ParseAborted) || error.fatal) throw error;
      const stopped = () => this.#open === open && [')', ...stops].some((stop) => this.isNext(stop));
      while (this.peek().kind !== 'end' && !stopped()) this.next();
      return undefined;
    }
  }

  /** Words and signs are shown; values are not, they may be somebody's data. */
  #found(): string {
    const { kind, text } = this.peek();
    if (kind === 'end') return ', but the text ends here';
    const shown = kind === 'word' || kind === 'alias' || kind === 'symbol' || kind === 'bad';
    return shown ? `, found "${text.length > 60 ? `${text.slice(0, 60)}…` : text}"` : ', found a value';
  }
}

/** Runs one grammar over a whole text: everything must be read, and nothing may be wrong. */
export function parseWhole<T>(
  text: string,
  read: (cursor: ParserCursor) => T,
  aliases?: ParameterAliases,
): ParseResult<T> {
  if (text.length > maxUrlLength.inBatch) {
    const message = `The text has ${text.length} characters; Dataverse takes at most ${maxUrlLength.inBatch}.`;
    return { ok: false, diagnostics: [{ message, start: maxUrlLength.inBatch, end: text.length }] };
  }
  const cursor = new ParserCursor(tokenize(text), aliases);
  try {
    const value = read(cursor);
    if (cursor.peek().kind !== 'end') cursor.failExpected('the end');
    return cursor.diagnostics.length === 0
      ? { ok: true, value }
      : { ok: false, diagnostics: cursor.diagnostics };
  } catch (error) {
    if (error instanceof ParseAborted) return { ok: false, diagnostics: cursor.diagnostics };
    throw error;
  }
}
