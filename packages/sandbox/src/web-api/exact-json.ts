/** `JSON.rawJSON` of the ECMAScript proposal "JSON.parse source text access": in Node.js, not yet in TypeScript's types. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): object };

/** JSON text with non-ASCII characters as `\uXXXX`, as Dataverse writes it. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A number that JSON.stringify writes with exactly these digits: `20000.0000`, `9007199254740993`. */
export function toRawNumber(digits: string): object {
  return rawJSON(digits);
}

/** A number with more digits than a JavaScript number can hold. */
export class LongNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Parses JSON and keeps numbers of more than 15 digits as `LongNumber`. Throws SyntaxError. */
export function parseJsonExact(text: string): unknown {
  type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
  const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
  return parse(text.replace(/^\uFEFF/, ''), (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source.replace(/\D/g, '').length > 15
      ? new LongNumber(source)
      : value,
  );
}
