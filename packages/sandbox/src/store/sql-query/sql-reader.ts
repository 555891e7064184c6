import { DataverseError } from '../errors.ts';

/** 400: the statement is no SELECT of the subset that the Web API runs. */
export const unsupportedSql = (message: string): DataverseError =>
  new DataverseError(400, '0x80040203', message);

export interface SqlToken {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol';
  /** Words and names as written, strings without quotes. */
  readonly text: string;
}

const tokenPattern =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|(?<name>\[[^\]]*\]|"[^"]*")|(?<string>N?'(?:[^']|'')*')|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_][\w$]*)|(?<symbol><>|!=|<=|>=|[(),.*=<>;+\-/])/uy;

/** Splits a statement into words, names in brackets, literals and symbols. */
function tokenizeSql(text: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  const pattern = new RegExp(tokenPattern);
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const groups = pattern.exec(text)?.groups;
    if (!groups) throw unsupportedSql(`Incorrect syntax near '${text.slice(at, at + 20)}'.`);
    const { name, string, number, word, symbol } = groups;
    if (name !== undefined) tokens.push({ kind: 'name', text: name.slice(1, -1) });
    else if (string !== undefined)
      tokens.push({ kind: 'string', text: string.replace(/^N?'|'$/g, '').replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
  }
  return tokens;
}

/** Reads the tokens of a statement one by one. Keywords are compared without case. */
export class SqlReader {
  readonly #tokens: readonly SqlToken[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokenizeSql(text);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Whether the next tokens are these keywords or symbols. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, index) => {
      const token = this.#tokens[this.#at + index];
      return (
        token !== undefined &&
        (token.kind === 'word' || token.kind === 'symbol') &&
        token.text.toUpperCase() === word
      );
    });
  }

  /** Reads these keywords or symbols if they are next. */
  accept(...words: readonly string[]): boolean {
    const found = this.sees(...words);
    if (found) this.#at += words.length;
    return found;
  }

  expect(...words: readonly string[]): void {
    if (!this.accept(...words)) throw this.syntaxError();
  }

  /** Reads the next token if it has this kind. */
  take(kind: SqlToken['kind']): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) return undefined;
    this.#at += 1;
    return token.text;
  }

  syntaxError(): DataverseError {
    const { text } = this.#tokens[this.#at] ?? { text: 'the end of the statement' };
    return unsupportedSql(`Incorrect syntax near '${text.slice(0, 50)}'.`);
  }
}
