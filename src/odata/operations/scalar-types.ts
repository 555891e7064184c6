import { isGuid } from '../../model/guid.ts';
import type { Json } from '../../model/json.ts';
import { quoteString } from '../quote-string.ts';

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)$/;

type ScalarRule = readonly [accepts: (value: Json) => boolean, expected: string];

const textMatching = (pattern: RegExp) => (value: Json) => typeof value === 'string' && pattern.test(value);
const isNumber = (value: Json) => typeof value === 'number';
const integerUpTo = (max: number) => (value: Json) =>
  Number.isInteger(value) && Math.abs(Number(value)) <= max;

/** The primitive types of CSDL, with the JSON values that each accepts. */
const scalarRules: Readonly<Record<string, ScalarRule>> = {
  'Edm.String': [(value) => typeof value === 'string', 'a text'],
  'Edm.Boolean': [(value) => typeof value === 'boolean', 'true or false'],
  'Edm.Byte': [integerUpTo(2 ** 8 - 1), 'a whole number'],
  'Edm.Int16': [integerUpTo(2 ** 15), 'a whole number'],
  'Edm.Int32': [integerUpTo(2 ** 31), 'a whole number of 32 bits'],
  'Edm.Int64': [
    (value) => Number.isSafeInteger(value) || textMatching(/^-?\d{1,19}$/)(value),
    'a whole number, or its digits as text',
  ],
  'Edm.Decimal': [isNumber, 'a number'],
  'Edm.Double': [isNumber, 'a number'],
  'Edm.Guid': [(value) => typeof value === 'string' && isGuid(value), 'an id'],
  'Edm.DateTimeOffset': [textMatching(dateTime), 'a date-time: 2026-01-31T08:00:00Z'],
  'Edm.Date': [textMatching(/^\d{4}-\d\d-\d\d$/), 'a date: 2026-01-31'],
  'Edm.Binary': [textMatching(/^[A-Za-z0-9+/_-]*={0,2}$/), 'base64'],
};

/** The expected value of a type, in words; undefined if the value is valid or the type is unknown. */
export function expectedScalar(type: string, value: Json): string | undefined {
  const [accepts, expected] = (Object.hasOwn(scalarRules, type) && scalarRules[type]) || [() => true];
  return accepts(value) ? undefined : expected;
}

/**
 * Writes a value as the argument of a function, for its parameter alias: text in quotes, ids and date-times without,
 * enum members with the name of their type, lists and objects as JSON. Without a type, a text in the form of a GUID is an
 * id.
 */
export function encodeArgument(value: Json, type?: string, isEnum = false): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (isEnum) return `Microsoft.Dynamics.CRM.${type}'${value}'`;
  const bare = type === undefined ? isGuid(value) : /^Edm\.(Guid|DateTimeOffset|Date|Int64)$/.test(type);
  return bare ? value : quoteString(value);
}
