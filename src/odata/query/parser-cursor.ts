import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Span } from '../../model/span.ts';
import { maxUrlLength } from '../limits.ts';
import type { ParameterAliases, ParseDiagnostic, ParseResult } from './ast.ts';
import { type Token, tokenize } from './tokenize.ts';

/** The maximum nesting of parentheses, `not`, lambdas and `$expand`. */
export const maxNesting = 64;
/** After this number of errors, parsing stops: the text is not a query. */
const maxDiagnostics = 20;

/** Thrown after an error has been reported, and caught in this class: this part of the text cannot be parsed. */
class ParseAborted extends Error {
  readonly fatal: boolean;
  constructor(fatal: boolean) {
    super();
    this.fatal = fatal;
  }
}

const noToken: Token = { kind: 'end', text: '', start: 0, end: 0 };

/** A position in the tokens of a text, and the errors that were reported so far. */
export class ParserCursor {
  readonly diagnostics: ParseDiagnostic[] = [];
  /** The values of aliases; without them, an alias is an error. */
  readonly aliases: ParameterAliases | undefined;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;
  /** The number of open parentheses at the current position. */
  #open = 0;

  constructor(tokens: readonly Token[], aliases?: ParameterAliases) {
    this.#tokens = tokens;
    this.aliases = aliases;
  }

  /** A cursor over the value of an alias. All its tokens have the span of the alias. */
  static forAliasValue(text: string, { start, end }: Span): ParserCursor {
    return new ParserCursor(tokenize(text).map((token) => ({ ...token, start, end })));
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#tokens.at(-1) ?? noToken;
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

  /** Skips the next token if it is this symbol or word. Returns whether it did. */
  accept(text: string): boolean {
    const found = this.isNext(text);
    if (found) this.next();
    return found;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`Expected "${text}"${this.#found()}.`);
  }

  /** Skips ")", or reports that the parenthesis at `open` is never closed. */
  expectClosing(open: Token): void {
    if (this.accept(')')) return;
    if (this.peek().kind === 'end')
      this.fail('This parenthesis is never closed.', { at: open, fix: 'Add ")".' });
    this.expect(')');
  }

  /** The span from the first token of a node to the last token that was read. */
  spanFrom(first: Span): Span {
    return { start: first.start, end: this.#tokens[this.#index - 1]?.end ?? first.end };
  }

  /** Reports an error and continues. A second error at the same position is ignored, because it follows from the first. */
  report(message: string, { at = this.peek(), fix }: { at?: Span; fix?: string | undefined } = {}): void {
    if (this.diagnostics.at(-1)?.start === at.start) return;
    this.diagnostics.push(omitUndefined({ message, start: at.start, end: at.end, fix }));
    if (this.diagnostics.length >= maxDiagnostics) throw new ParseAborted(true);
  }

  /** Reports an error and stops parsing the current part. */
  fail(message: string, details: { at?: Span; fix?: string | undefined; fatal?: boolean } = {}): never {
    this.report(message, details);
    throw new ParseAborted(details.fatal ?? false);
  }

  /** Reports "Expected a column", with the token that was found instead. */
  failExpected(what: string, fix?: string): never {
    const { kind, start } = this.peek();
    const before = this.#tokens[this.#index - 1];
    const doubled = "Double the quotes inside a string: 'O''Brien'.";
    if (before?.kind === 'string' && before.end === start && /word|open|value/.test(kind)) {
      this.fail('The string ends at this quote.', { at: { start: start - 1, end: start }, fix: doubled });
    }
    if (kind === 'open') this.fail('This quote is never closed.', { fix: doubled });
    return this.fail(`Expected ${what}${this.#found()}.`, { fix });
  }

  /** Runs `parse` one level deeper. If the nesting is too deep, parsing of the whole text stops. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= maxNesting) this.fail(`Nested deeper than ${maxNesting} levels.`, { fatal: true });
    this.#depth++;
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  /** Runs `parse`. If it fails, skips to the next of `stops` (or ")") at the same nesting level. */
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

  /** The found token, for a message. Values are not shown, because they can be personal data. */
  #found(): string {
    const { kind, text } = this.peek();
    if (kind === 'end') return ', but the text ends here';
    const shown = kind === 'word' || kind === 'alias' || kind === 'symbol' || kind === 'bad';
    return shown ? `, found "${text.length > 60 ? `${text.slice(0, 60)}…` : text}"` : ', found a value';
  }
}

/** Parses a whole text: `read` must read all tokens without an error. */
export function parseWhole<T>(
  text: string,
  read: (cursor: ParserCursor) => T,
  aliases?: ParameterAliases,
): ParseResult<T> {
  if (text.length > maxUrlLength.inBatch) {
    const message = `The text has ${text.length} characters; Dataverse accepts at most ${maxUrlLength.inBatch}.`;
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
