/**
 * A secret text that cannot be printed by mistake: `String()`, template literals, `JSON.stringify` and `console.log` give
 * `[redacted]`. Only `reveal()` returns the text, so that all uses can be found by searching for it.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  // console and util.inspect of Node.js call this method. The symbol is registered, so no import is needed.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}
