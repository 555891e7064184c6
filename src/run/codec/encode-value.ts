import { joinWithOr } from '../../errors/join-with-or.ts';
import { base64Pattern } from '../../model/base64-pattern.ts';
import { toJsonNumber } from '../../model/exact-json.ts';
import { isGuid } from '../../model/guid.ts';
import { isValidDate, isValidDateTime } from '../../model/is-valid-date.ts';
import { isJsonArray, type Json } from '../../model/json.ts';
import type { TableColumn } from '../../model/table.ts';
import { encodeScalar, type Reject } from '../../odata/encode-scalar.ts';

/** What the value of a column or placeholder must be. */
export type ValueRules = Pick<
  TableColumn,
  'type' | 'choices' | 'hasAllChoices' | 'maxLength' | 'min' | 'max' | 'timeZoneIndependent'
>;

/**
 * The value of a column in the JSON of a request. Every form that a row is read in is accepted: a choice as its label,
 * its number or `{ value, label }`, a large number as its digits.
 *
 * @param value not null, and not the value of a lookup
 * @param reject throws the error for an invalid value
 */
export function encodeColumnValue(column: ValueRules, value: Json, reject: Reject): Json {
  switch (column.type) {
    case 'choice':
      return encodeChoice(column, value, reject);
    case 'choices':
      return encodeChoices(column, value, reject);
    case 'string':
      return encodeText(column, value, reject);
    case 'integer':
    case 'decimal':
    case 'bigint':
      return encodeNumber(column, value, reject);
    case 'date-time':
      return encodeDateTime(column, value, reject);
    case 'date':
      return typeof value === 'string' && isValidDate(value) ? value : reject('must be a date: 2026-12-31');
    case 'boolean':
      return typeof value === 'boolean' ? value : reject('must be true or false');
    case 'uuid':
      return typeof value === 'string' && isGuid(value)
        ? value
        : reject('must be an id: 00000000-0000-0000-0000-000000000000');
    case 'image':
      return typeof value === 'string' && base64.test(value)
        ? value
        : reject('must be an image: its bytes in base64');
    case 'lookup':
      return reject('must be a row');
  }
}

const base64 = new RegExp(base64Pattern);

function encodeText({ maxLength }: ValueRules, value: Json, reject: Reject): string {
  if (typeof value !== 'string' || !value.isWellFormed()) return reject('must be text');
  return maxLength !== undefined && value.length > maxLength
    ? reject(`must have at most ${maxLength} characters`)
    : value;
}

/** Dataverse accepts JSON numbers only; they are written with all their digits. */
function encodeNumber(column: ValueRules, value: Json, reject: Reject): Json {
  const { type, min = defaultRange[type]?.min, max = defaultRange[type]?.max } = column;
  const text = typeof value === 'number' ? plainDigits(value, type) : value;
  if (typeof text !== 'string' || !numberPatterns[type]?.test(text)) {
    return reject(type === 'decimal' ? 'must be a number' : 'must be a whole number');
  }
  if (type === 'bigint' && BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) {
    return reject('must be a whole number of 64 bits');
  }
  if (min !== undefined && Number(text) < min) return reject(`must be at least ${min}`);
  if (max !== undefined && Number(text) > max) return reject(`must be at most ${max}`);
  return toJsonNumber(text);
}

const numberPatterns: Readonly<Partial<Record<TableColumn['type'], RegExp>>> = {
  integer: /^-?\d{1,10}$/,
  bigint: /^-?\d{1,19}$/,
  decimal: /^-?\d{1,400}(?:\.\d{1,400})?$/,
};

const defaultRange: Readonly<Partial<Record<TableColumn['type'], { min: number; max: number }>>> = {
  integer: { min: -2147483648, max: 2147483647 },
};

/** The digits of a number; undefined if it is not finite, or a whole number that may have been rounded already. */
function plainDigits(value: number, type: TableColumn['type']): string | undefined {
  if (type !== 'decimal') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (!Number.isFinite(value)) return undefined;
  const text = String(value);
  return text.includes('e') ? exponentToDigits(text) : text;
}

/** `1.5e-7` -> `0.00000015` */
function exponentToDigits(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length
    ? `${sign}${digits}${'0'.repeat(point - digits.length)}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function encodeDateTime({ timeZoneIndependent }: ValueRules, value: Json, reject: Reject): string {
  if (typeof value === 'string' && isValidDateTime(value)) return value;
  if (timeZoneIndependent !== true)
    return reject('must be a date and time with its zone: 2026-12-31T23:59:59Z');
  // The column has no zone, and Dataverse's format requires one.
  return typeof value === 'string' && isValidDateTime(`${value}Z`)
    ? `${value}Z`
    : reject('must be a date and time: 2026-12-31T23:59:59');
}

function encodeChoice({ choices = {}, hasAllChoices }: ValueRules, value: Json, reject: Reject): number {
  const number = Number(encodeScalar(value, { kind: 'choice', choices }, reject).text);
  if (hasAllChoices === true && !Object.values(choices).flat().includes(number)) {
    const known = Object.entries(choices).map(
      ([label, numbers]) => `${[numbers].flat().join(', ')} (${label})`,
    );
    return reject(`must be a choice of the column: ${joinWithOr(known)}`);
  }
  return number;
}

/** An empty list empties the column: Dataverse wants null for that, not an empty text. */
function encodeChoices(column: ValueRules, value: Json, reject: Reject): string | null {
  const numbers = (isJsonArray(value) ? value : [value]).map((item) => encodeChoice(column, item, reject));
  return numbers.length === 0 ? null : [...new Set(numbers)].join(',');
}
