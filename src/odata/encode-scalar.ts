import { isGuid } from '../model/guid.ts';
import { isValidDate, isValidDateTime } from '../model/is-valid-date.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { PlaceholderType } from '../model/template.ts';

/** A validated value as text. `isBare`: it is written without quotes; otherwise it needs the quotes of its position. */
export interface EncodedScalar {
  readonly text: string;
  readonly isBare: boolean;
}

/** Throws the error for an invalid value; the message says what the value must be. */
export type Reject = (message: string) => never;

const identifierPattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Validates a value against its type, more strictly than a JSON Schema does, and writes it as Dataverse expects it: ids in
 * lower case, date-times in UTC, choices as numbers, a lookup as its id, numbers without an exponent.
 */
export function encodeScalar(value: Json, type: PlaceholderType, reject: Reject): EncodedScalar {
  switch (type.kind) {
    case 'string':
      return quoted(typeof value === 'string' && value.isWellFormed() ? value : reject('must be text'));
    case 'uuid':
      return unquoted(encodeUuid(value, reject));
    case 'integer':
      return unquoted(Number.isSafeInteger(value) ? String(value) : reject('must be a whole number'));
    case 'bigint':
    case 'decimal':
      return unquoted(encodeDigits(value, type.kind, reject));
    case 'boolean':
      return unquoted(typeof value === 'boolean' ? String(value) : reject('must be true or false'));
    case 'date':
      return unquoted(
        typeof value === 'string' && isValidDate(value) ? value : reject('must be a date: 2024-12-31'),
      );
    case 'date-time':
      return unquoted(encodeDateTime(value, reject));
    case 'choice':
      return unquoted(encodeChoice(value, type, reject));
    case 'lookup':
      return unquoted(encodeUuid(isJsonObject(value) ? (value.id ?? null) : value, reject));
    case 'name':
      return quoted(encodeColumnName(value, type, reject));
    case 'any':
      return encodeAny(value, reject);
    default:
      return reject('must be a single value');
  }
}

/** Writes a name from the schema's enum: the only text that is ever written without quotes. */
export function encodeColumnName(value: Json, { names }: PlaceholderType, reject: Reject): string {
  const isKnown = typeof value === 'string' && (names ?? []).includes(value) && identifierPattern.test(value);
  return isKnown ? value : reject(`must be one of: ${(names ?? []).join(', ')}`);
}

/** Writes a Dataverse name: letters, digits and "_" only. */
export function encodeWireName(value: Json, reject: Reject): string {
  const isValid = typeof value === 'string' && value.length <= 128 && identifierPattern.test(value);
  return isValid ? value : reject('must be a name: letters, digits and _');
}

const unquoted = (text: string): EncodedScalar => ({ text, isBare: true });
const quoted = (text: string): EncodedScalar => ({ text, isBare: false });

/** Writes an id in lower case. */
export function encodeUuid(value: Json, reject: Reject): string {
  const isValid = typeof value === 'string' && isGuid(value);
  return isValid ? value.toLowerCase() : reject('must be an id: 00000000-0000-0000-0000-000000000000');
}

function encodeDigits(value: Json, kind: 'bigint' | 'decimal', reject: Reject): string {
  const pattern = kind === 'bigint' ? /^-?\d{1,19}$/ : /^-?\d{1,40}(?:\.\d{1,40})?$/;
  const text = typeof value === 'number' ? exactDigits(value, kind) : value;
  return typeof text === 'string' && pattern.test(text)
    ? text
    : reject('must be a number written with digits');
}

/** The digits of a number, if they are exact. */
function exactDigits(value: number, kind: 'bigint' | 'decimal'): string | undefined {
  return kind === 'decimal' || Number.isSafeInteger(value) ? String(value) : undefined;
}

function encodeDateTime(value: Json, reject: Reject): string {
  const message = 'must be a date-time with an offset: 2024-12-31T23:59:59Z';
  if (typeof value !== 'string' || !isValidDateTime(value)) return reject(message);
  const utc = new Date(value).toISOString().replace('.000Z', 'Z');
  // With an offset, the first and the last day of the calendar can be outside it in UTC.
  return isValidDateTime(utc) ? utc : reject(message);
}

/** A choice as its number, its label, or `{ value, label }` as rows have it. A label of several choices is rejected. */
function encodeChoice(value: Json, type: PlaceholderType, reject: Reject): string {
  if (isJsonObject(value)) return encodeChoice(value.value ?? null, type, reject);
  if (Number.isSafeInteger(value)) return String(value);
  const { choices = {} } = type;
  const known = typeof value === 'string' && Object.hasOwn(choices, value) ? choices[value] : undefined;
  if (known === undefined) return reject(`must be one of: ${Object.keys(choices).join(', ')}`);
  if (typeof known === 'number') return String(known);
  return reject(`must be a number: "${value}" is the label of ${known.join(' and ')}`);
}

function encodeAny(value: Json, reject: Reject): EncodedScalar {
  if (typeof value === 'string') return encodeScalar(value, { kind: 'string' }, reject);
  if (typeof value === 'number') return encodeScalar(value, { kind: 'decimal' }, reject);
  return encodeScalar(value, { kind: 'boolean' }, reject);
}
