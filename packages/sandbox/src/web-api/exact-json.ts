/** `JSON.rawJSON` of ECMAScript's source-text-access proposal: in Node since 21, in TypeScript's library not yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): object };

/** A number that is written as it stands: `20000.0000`, `9007199254740993`. */
export function toRawNumber(digits: string): object {
  return rawJSON(digits);
}

/** A number of a body with more digits than a JavaScript number keeps. */
export class LongNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON as a client sent it, with numbers of more than 15 digits kept as `LongNumber`. Throws SyntaxError. */
export function parseJsonExact(text: string): unknown {
  type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
  const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
  return parse(text.replace(/^\uFEFF/, ''), (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source.replace(/\D/g, '').length > 15
      ? new LongNumber(source)
      : value,
  );
}
