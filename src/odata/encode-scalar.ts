import { isGuid } from '../model/guid.ts';
import { isValidDate, isValidDateTime } from '../model/is-valid-date.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { PlaceholderType } from '../model/template.ts';

/** A checked value as text: `bare` stands as it is, anything else needs the quotes of the place where it goes. */
export interface EncodedScalar {
  readonly text: string;
  readonly isBare: boolean;
}

/** Names what a value must be: "must be …". */
export type Reject = (message: string) => never;

const identifierPattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Checks a value against its type once more, more strictly than a JSON Schema does, and writes it as Dataverse
 * spells it: ids in lower case, moments in UTC, choices as numbers, a lookup as its id, never an exponent.
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
        typeof value === 'string' && isValidDate(value) ? value : reject('must be a day: 2024-12-31'),
      );
    case 'date-time':
      return unquoted(encodeDateTime(value, reject));
    case 'choice':
      return unquoted(encodeChoice(value, type, reject));
    case 'lookup':
      return unquoted(encodeUuid(isJsonObject(value) ? (value.id ?? null) : null, reject));
    case 'name':
      return quoted(encodeColumnName(value, type, reject));
    case 'any':
      return encodeAny(value, reject);
    default:
      return reject('cannot stand here: one plain value is needed');
  }
}

/** An identifier that the schema's enum lists: the only kind of text that ever stands outside of quotes. */
export function encodeColumnName(value: Json, { names }: PlaceholderType, reject: Reject): string {
  const known = typeof value === 'string' && (names ?? []).includes(value) && identifierPattern.test(value);
  return known ? value : reject(`must be one of: ${(names ?? []).join(', ')}`);
}

/** A name of Dataverse's own: nothing but letters, digits and "_". */
export function encodeWireName(value: Json, reject: Reject): string {
  const good = typeof value === 'string' && value.length <= 128 && identifierPattern.test(value);
  return good ? value : reject('must be a name: letters, digits and _');
}

const unquoted = (text: string): EncodedScalar => ({ text, isBare: true });
const quoted = (text: string): EncodedScalar => ({ text, isBare: false });

function encodeUuid(value: Json, reject: Reject): string {
  const good = typeof value === 'string' && isGuid(value);
  return good ? value.toLowerCase() : reject('must be an id: 00000000-0000-0000-0000-000000000000');
}

function encodeDigits(value: Json, kind: 'bigint' | 'decimal', reject: Reject): string {
  const pattern = kind === 'bigint' ? /^-?\d{1,19}$/ : /^-?\d{1,40}(?:\.\d{1,40})?$/;
  const text = typeof value === 'number' ? exactDigits(value, kind) : value;
  return typeof text === 'string' && pattern.test(text)
    ? text
    : reject('must be a number written with digits');
}

/** A number's own spelling, where that is exact; one with an exponent or without a value fits no pattern. */
function exactDigits(value: number, kind: 'bigint' | 'decimal'): string | undefined {
  return kind === 'decimal' || Number.isSafeInteger(value) ? String(value) : undefined;
}

function encodeDateTime(value: Json, reject: Reject): string {
  const message = 'must be a moment with its offset: 2024-12-31T23:59:59Z';
  if (typeof value !== 'string' || !isValidDateTime(value)) return reject(message);
  const utc = new Date(value).toISOString().replace('.000Z', 'Z');
  // An offset can push the first and the last day of the calendar out of it.
  return isValidDateTime(utc) ? utc : reject(message);
}

function encodeChoice(value: Json, { choices = {} }: PlaceholderType, reject: Reject): string {
  if (Number.isSafeInteger(value)) return String(value);
  const known = typeof value === 'string' && Object.hasOwn(choices, value) ? choices[value] : undefined;
  return known === undefined ? reject(`must be one of: ${Object.keys(choices).join(', ')}`) : String(known);
}

function encodeAny(value: Json, reject: Reject): EncodedScalar {
  if (typeof value === 'string') return encodeScalar(value, { kind: 'string' }, reject);
  if (typeof value === 'number') return encodeScalar(value, { kind: 'decimal' }, reject);
  return encodeScalar(value, { kind: 'boolean' }, reject);
}
