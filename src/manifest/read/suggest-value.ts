import { suggest, suggestOne } from '../../errors/suggest.ts';
import type { Expectation } from '../../model/diagnostic.ts';
import type { Json } from '../../model/json.ts';
import { printInline } from './yaml-text.ts';

/** A proposal for a wrong value. */
export interface ValueSuggestion {
  readonly fix: string;
  /** The YAML text of the proposed value, if it is certainly what the author means. */
  readonly replacement?: string | undefined;
}

/** What authors write who know other formats. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  string: ['text', 'str', 'varchar', 'memo'],
  integer: ['int', 'long', 'whole', 'int32'],
  number: ['float', 'double', 'decimal', 'money', 'currency'],
  boolean: ['bool', 'yesno', 'flag', 'two-options'],
  array: ['list'],
  object: ['map', 'dict', 'mapping'],
  uuid: ['guid', 'id'],
  'date-time': ['datetime', 'timestamp'],
  uri: ['url'],
  email: ['e-mail', 'mail'],
  created: ['create', 'new', 'insert', 'inserted', 'added'],
  updated: ['update', 'modified', 'changed', 'change', 'edited'],
  deleted: ['delete', 'removed', 'remove'],
  true: ['yes', 'on', 'y'],
  false: ['no', 'off', 'n'],
};

/** Lists of allowed values up to this length are printed whole. */
const maxListed = 8;

/**
 * Proposes a value in place of a wrong one.
 *
 * @param value The wrong value.
 * @param raw Its text in the file.
 */
export function suggestValue(value: Json, raw: string, expected: Expectation): ValueSuggestion | undefined {
  const values = expected.values ?? (expected.types?.includes('boolean') ? [true, false] : undefined);
  if (values !== undefined && typeof value === 'string') return suggestAllowed(value, values);
  const isText = typeof value === 'string' || typeof value === 'number';
  const converted =
    (isText ? toExample(String(value), expected) : undefined) ?? convert(value, raw, expected.types ?? []);
  if (converted !== undefined) return { fix: `write ${converted}`, replacement: converted };
  if (values !== undefined) return { fix: `write one of: ${listSome(values.map(String))}` };
  if (expected.example === undefined) return undefined;
  return { fix: `for example ${printInline(expected.example)}` };
}

/** Proposes a known name in place of an unknown one; all of them if none is similar. */
export function suggestName(name: string, known: Iterable<string>): ValueSuggestion | undefined {
  const names = [...known];
  const [nearest] = suggest(name, names, 1);
  if (nearest === undefined)
    return names.length === 0 ? undefined : { fix: `use one of: ${listSome(names)}` };
  return { fix: `did you mean "${nearest}"?`, replacement: suggestOne(name, names) };
}

function suggestAllowed(value: string, allowed: readonly Json[]): ValueSuggestion {
  const texts = allowed.map(String);
  const lower = value.trim().toLowerCase();
  const meant =
    texts.find((text) => text.toLowerCase() === lower) ??
    texts.find((text) => otherWords[text]?.includes(lower));
  if (meant !== undefined) return { fix: `write ${meant}`, replacement: meant };
  const [nearest] = suggest(value, texts, 1);
  if (nearest !== undefined)
    return { fix: `did you mean ${nearest}?`, replacement: suggestOne(value, texts) };
  return { fix: `write one of: ${listSome(texts)}` };
}

/** The same value in the expected type. */
function convert(value: Json, raw: string, types: readonly string[]): string | undefined {
  const isScalar = value === null || typeof value !== 'object';
  if (types.includes('string') && (typeof value === 'number' || typeof value === 'boolean'))
    return `"${raw}"`;
  if (types.includes('array') && isScalar && value !== null)
    return `[${typeof value === 'string' && !/^[\w-]+$/.test(value) ? JSON.stringify(value.trim()) : raw}]`;
  const isNumeric = types.includes('integer') ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/;
  const wantsNumber = types.includes('integer') || types.includes('number');
  return wantsNumber && typeof value === 'string' && isNumeric.test(value)
    ? String(Number(value))
    : undefined;
}

/** A text in the form of the example, if it has the same parts. */
function toExample(value: string, { example }: Expectation): string | undefined {
  if (example === '60s') return toDuration(value);
  if (example === 'input.limit')
    return (
      /^\{\{\s*(input\.\w+)\s*\}\}$/.exec(value)?.[1] ?? (/^\w+$/.test(value) ? `input.${value}` : undefined)
    );
  if (example === 'case#state') return toRef(value);
  return undefined;
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `1 minute` -> `1m`, `60` -> `60s`, `1h` -> `60m`. */
function toDuration(value: string): string | undefined {
  const [, digits, unit = 's'] =
    /^(\d{1,4})\s*(s(?:ecs?|econds?)?|m(?:ins?|inutes?)?|h(?:rs?|ours?)?)?$/i.exec(value.trim()) ?? [];
  const seconds = Number(digits) * (unitSeconds[unit.charAt(0).toLowerCase()] ?? Number.NaN);
  if (!(seconds > 0)) return undefined;
  return seconds % 60 === 0 && unit.charAt(0).toLowerCase() !== 's' ? `${seconds / 60}m` : `${seconds}s`;
}

/** `case.yaml#properties/state`, `schemas/tables/case.yaml#state`, `case.state` -> `case#state`. */
function toRef(value: string): string | undefined {
  const pattern =
    /^(?:(?:\.{1,2}\/)?(?:schemas\/)?(?:tables\/)?)([a-z][A-Za-z0-9-]*)(?:\.yaml)?(?:[#/.]*(?:properties)?[#/.]*([A-Za-z][A-Za-z0-9]*))?$/;
  const [, table, column] = pattern.exec(value) ?? [];
  if (table === undefined) return undefined;
  return column === undefined || column === 'yaml' ? table : `${table}#${column}`;
}

function listSome(texts: readonly string[]): string {
  return texts.length <= maxListed ? texts.join(', ') : `${texts.slice(0, maxListed).join(', ')} ...`;
}
