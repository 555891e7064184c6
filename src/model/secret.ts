/**
 * A secret that does not print: `String()`, template text, `JSON.stringify` and `console.log` all give
 * `[redacted]`. Only `reveal()` hands out the text, so every use can be found by searching for it.
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

  // Node's console and util.inspect look this symbol up; it is a registered symbol, so no import is needed.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}
