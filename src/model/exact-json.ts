import type { Json, JsonObject } from './json.ts';

/** A number with more than 15 characters in JSON text: only such a number can have digits that a double cannot hold. */
const longNumber = /[:,[\s]-?\d[\d.]{15}/;
const plainNumber = /^-?\d+(?:\.\d+)?$/;

/**
 * Parses JSON and keeps every digit: a number that a double would round (a 64-bit integer, a large amount of money)
 * becomes its digits as text. Throws SyntaxError like `JSON.parse`.
 *
 * @example parseExactJson('[1, 9007199254740993]') // [1, '9007199254740993']
 */
export function parseExactJson(text: string): Json {
  // A reviver makes parsing several times slower, and few responses have such numbers.
  return hasLongRun(text) && longNumber.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

const longRun = 16;

/** Whether there are 16 digits or points in a row. Each such row covers a place that is looked at, one of 16. */
function hasLongRun(text: string): boolean {
  for (let at = longRun - 1; at < text.length; at += longRun) {
    if (!isDigitOrPoint(text, at)) continue;
    let start = at;
    let end = at + 1;
    while (start > 0 && isDigitOrPoint(text, start - 1)) start--;
    while (isDigitOrPoint(text, end)) end++;
    if (end - start >= longRun) return true;
  }
  return false;
}

function isDigitOrPoint(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 48 && code <= 57) || code === 46;
}

/** https://tc39.es/proposal-json-parse-with-source/ */
function keepDigits(_key: string, value: Json, context?: { readonly source?: string }): Json {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !plainNumber.test(source)) return value;
  return isExactNumber(source) ? value : trimZeros(source);
}

/** Digits (`-12.50`) as a value that `JSON.stringify` writes as a number with exactly these digits. */
export function toJsonNumber(digits: string): number | JsonObject {
  return isExactNumber(digits) ? Number(digits) : rawJson(digits);
}

/** Whether a double shows the same digits, apart from zeros at the ends. */
export function isExactNumber(digits: string): boolean {
  const number = Number(digits);
  return Number.isSafeInteger(number)
    ? !digits.includes('.') || trimZeros(digits) === trimZeros(String(number))
    : trimZeros(digits) === String(number);
}

function trimZeros(digits: string): string {
  const short = digits.replace(/^(-?)0+(?=\d)/, '$1');
  const trimmed = short.includes('.') ? short.replace(/\.?0+$/, '') : short;
  return trimmed === '-0' ? '0' : trimmed;
}

function rawJson(text: string): JsonObject {
  // The types of TypeScript do not have it yet; every supported version of Node.js does.
  return (JSON as unknown as { rawJSON(text: string): JsonObject }).rawJSON(text);
}
