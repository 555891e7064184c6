import type { Json, JsonObject } from '../model/json.ts';
import type { SlotType } from '../model/template.ts';
import { isRealDate, isRealDateTime } from './calendar.ts';

/** A checked value as text: `bare` stands as it is, anything else needs the quotes of the place where it goes. */
export interface Scalar {
  readonly text: string;
  readonly bare: boolean;
}

/** Names what a value must be: "must be …". */
type Refuse = (message: string) => never;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const identifierPattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Checks a value against its type once more, more strictly than a JSON Schema does, and writes it as Dataverse
 * spells it: ids in lower case, moments in UTC, choices as numbers, a lookup as its id, never an exponent.
 */
export function readScalar(value: Json, type: SlotType, refuse: Refuse): Scalar {
  switch (type.kind) {
    case 'string':
      return quoted(typeof value === 'string' && value.isWellFormed() ? value : refuse('must be text'));
    case 'uuid':
      return bare(readUuid(value, refuse));
    case 'integer':
      return bare(Number.isSafeInteger(value) ? String(value) : refuse('must be a whole number'));
    case 'bigint':
    case 'decimal':
      return bare(readDigits(value, type.kind, refuse));
    case 'boolean':
      return bare(typeof value === 'boolean' ? String(value) : refuse('must be true or false'));
    case 'date':
      return bare(
        typeof value === 'string' && isRealDate(value) ? value : refuse('must be a day: 2024-12-31'),
      );
    case 'date-time':
      return bare(readMoment(value, refuse));
    case 'choice':
      return bare(readChoice(value, type, refuse));
    case 'lookup':
      return bare(readUuid(isObject(value) && Object.hasOwn(value, 'id') ? value.id! : null, refuse));
    case 'name':
      return quoted(readName(value, type, refuse));
    case 'any':
      return readAny(value, refuse);
    default:
      return refuse('cannot stand here: one plain value is needed');
  }
}

/** An identifier that the schema's enum lists: the only kind of text that ever stands outside of quotes. */
export function readName(value: Json, { names }: SlotType, refuse: Refuse): string {
  const known = typeof value === 'string' && (names ?? []).includes(value) && identifierPattern.test(value);
  return known ? value : refuse(`must be one of: ${(names ?? []).join(', ')}`);
}

/** A name of Dataverse's own: nothing but letters, digits and "_". */
export function readWireName(value: Json, refuse: Refuse): string {
  const good = typeof value === 'string' && value.length <= 128 && identifierPattern.test(value);
  return good ? value : refuse('must be a name: letters, digits and _');
}

const bare = (text: string): Scalar => ({ text, bare: true });
const quoted = (text: string): Scalar => ({ text, bare: false });

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readUuid(value: Json, refuse: Refuse): string {
  const good = typeof value === 'string' && uuidPattern.test(value);
  return good ? value.toLowerCase() : refuse('must be an id: 00000000-0000-0000-0000-000000000000');
}

function readDigits(value: Json, kind: 'bigint' | 'decimal', refuse: Refuse): string {
  const pattern = kind === 'bigint' ? /^-?\d{1,19}$/ : /^-?\d{1,40}(?:\.\d{1,40})?$/;
  const text = typeof value === 'number' ? digitsOf(value, kind) : value;
  return typeof text === 'string' && pattern.test(text)
    ? text
    : refuse('must be a number written with digits');
}

/** A number's own spelling, where that is exact; one with an exponent or without a value fits no pattern. */
function digitsOf(value: number, kind: 'bigint' | 'decimal'): string | undefined {
  return kind === 'decimal' || Number.isSafeInteger(value) ? String(value) : undefined;
}

function readMoment(value: Json, refuse: Refuse): string {
  const message = 'must be a moment with its offset: 2024-12-31T23:59:59Z';
  if (typeof value !== 'string' || !isRealDateTime(value)) return refuse(message);
  const utc = new Date(value).toISOString().replace('.000Z', 'Z');
  // An offset can push the first and the last day of the calendar out of it.
  return isRealDateTime(utc) ? utc : refuse(message);
}

function readChoice(value: Json, { choices = {} }: SlotType, refuse: Refuse): string {
  if (Number.isSafeInteger(value)) return String(value);
  const known = typeof value === 'string' && Object.hasOwn(choices, value) ? choices[value] : undefined;
  return known === undefined ? refuse(`must be one of: ${Object.keys(choices).join(', ')}`) : String(known);
}

function readAny(value: Json, refuse: Refuse): Scalar {
  if (typeof value === 'string') return readScalar(value, { kind: 'string' }, refuse);
  if (typeof value === 'number') return readScalar(value, { kind: 'decimal' }, refuse);
  return readScalar(value, { kind: 'boolean' }, refuse);
}
