import { isJsonObject } from '../model/json.ts';
import { stringFormats } from './string-formats.ts';

/** Whether a value is valid. */
export type QuickCheck = (value: unknown) => boolean;

type SchemaNode = Readonly<Record<string, unknown>>;
type CompileKeyword = (argument: never, schema: SchemaNode) => QuickCheck | undefined;

/**
 * Compiles a check that accepts exactly what ajv accepts, without its compiler and without reasons; undefined for a schema
 * with a keyword that it does not know. Most inputs are valid, so most calls need no other check.
 */
export function compileQuickCheck(schema: unknown): QuickCheck | undefined {
  if (!isJsonObject(schema)) return undefined;
  const checks: QuickCheck[] = [];
  for (const [keyword, argument] of Object.entries(schema)) {
    if (annotations.has(keyword)) continue;
    const check = Object.hasOwn(keywords, keyword)
      ? keywords[keyword]?.(argument as never, schema)
      : undefined;
    if (check === undefined) return undefined;
    if (check !== always) checks.push(check);
  }
  return allOf(checks);
}

const annotations = new Set(['title', 'description', 'default', 'examples', '$comment', 'then', 'else']);

const always: QuickCheck = () => true;

function allOf(checks: readonly QuickCheck[]): QuickCheck {
  const [first = always, second, ...others] = checks;
  if (second === undefined) return first;
  if (others.length === 0) return (value) => first(value) && second(value);
  return (value) => {
    for (const check of checks) if (!check(value)) return false;
    return true;
  };
}

/** A check of objects; other values pass, as JSON Schema requires. */
const forObjects =
  (check: (object: SchemaNode) => boolean): QuickCheck =>
  (value) =>
    !isJsonObject(value) || check(value);
const forArrays =
  (check: (items: readonly unknown[]) => boolean): QuickCheck =>
  (value) =>
    !Array.isArray(value) || check(value);
const forStrings =
  (check: (text: string) => boolean): QuickCheck =>
  (value) =>
    typeof value !== 'string' || check(value);
const forNumbers =
  (check: (number: number) => boolean): QuickCheck =>
  (value) =>
    typeof value !== 'number' || check(value);

const types: Readonly<Record<string, QuickCheck>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  integer: (value) => Number.isInteger(value),
  number: (value) => Number.isFinite(value),
  array: (value) => Array.isArray(value),
  object: isJsonObject,
};

const keywords: Readonly<Record<string, CompileKeyword>> = {
  type: (names: string | readonly string[]) => anyOf([names].flat().map((name) => types[name])),
  enum: (values: readonly unknown[]) => {
    const known = new Set(values);
    return values.some(isObject) ? undefined : (value) => known.has(value);
  },
  const: (expected: unknown) => (isObject(expected) ? undefined : (value) => value === expected),
  required: (names: readonly string[]) =>
    forObjects((object) => {
      for (const name of names) if (!has(object, name)) return false;
      return true;
    }),
  properties: (properties: SchemaNode, { additionalProperties, patternProperties }) =>
    patternProperties === undefined ? compileMembers(properties, additionalProperties) : undefined,
  additionalProperties: (others: unknown, { properties, patternProperties }) => {
    if (patternProperties !== undefined) return undefined;
    return properties === undefined ? compileMembers({}, others) : always;
  },
  propertyNames: (schema: unknown) => {
    const check = compileQuickCheck(schema);
    return check && forObjects((object) => Object.keys(object).every((name) => check(name)));
  },
  dependencies: (dependencies: Readonly<Record<string, unknown>>) => {
    const entries = Object.entries(dependencies);
    if (!entries.every(([, names]) => Array.isArray(names))) return undefined;
    return forObjects((object) =>
      entries.every(
        ([name, names]) =>
          !has(object, name) || (names as readonly string[]).every((other) => has(object, other)),
      ),
    );
  },
  minProperties: (min: number) => forObjects((object) => Object.keys(object).length >= min),
  maxProperties: (max: number) => forObjects((object) => Object.keys(object).length <= max),
  items: (schema: unknown) => {
    const check = compileQuickCheck(schema);
    return check && forArrays((items) => everyIndex(items, check));
  },
  minItems: (min: number) => forArrays(({ length }) => length >= min),
  maxItems: (max: number) => forArrays(({ length }) => length <= max),
  uniqueItems: compileUniqueItems,
  minLength: (min: number) => forStrings((text) => text.length >= min && countCharacters(text, min) >= min),
  maxLength: (max: number) => forStrings((text) => text.length <= max || countCharacters(text) <= max),
  minimum: (min: number) => forNumbers((number) => number >= min),
  maximum: (max: number) => forNumbers((number) => number <= max),
  pattern: (source: string) => {
    const pattern = new RegExp(source, 'u');
    return forStrings((text) => pattern.test(text));
  },
  format: (name: string) => {
    const format = Object.hasOwn(stringFormats, name) ? stringFormats[name] : undefined;
    return format && forStrings(format.validate);
  },
  anyOf: (branches: readonly unknown[]) => anyOf(branches.map(compileQuickCheck)),
  not: (schema: unknown) => {
    const check = compileQuickCheck(schema);
    return check && ((value) => !check(value));
  },
  if: (condition: unknown, { then = {}, else: otherwise = {} }) => {
    const checks = [condition, then, otherwise].map(compileQuickCheck);
    const [test, pass, fail] = checks;
    if (test === undefined || pass === undefined || fail === undefined) return undefined;
    return (value) => (test(value) ? pass(value) : fail(value));
  },
};

/** One pass over the members of an object checks the known ones and the others. */
function compileMembers(properties: SchemaNode, others: unknown = true): QuickCheck | undefined {
  const checkOther = typeof others === 'boolean' ? () => others : compileQuickCheck(others);
  const checks = new Map<string, QuickCheck>();
  for (const [name, schema] of Object.entries(properties)) {
    const check = compileQuickCheck(schema);
    if (check === undefined) return undefined;
    checks.set(name, check);
  }
  if (checkOther === undefined) return undefined;
  return forObjects((object) => {
    for (const name of Object.keys(object)) {
      const check = checks.get(name);
      const value = object[name];
      if (check === undefined ? !checkOther(value) : value !== undefined && !check(value)) return false;
    }
    return true;
  });
}

function anyOf(checks: readonly (QuickCheck | undefined)[]): QuickCheck | undefined {
  const known = checks.filter((check) => check !== undefined);
  if (known.length < checks.length) return undefined;
  const [only] = known;
  return known.length === 1 ? only : (value) => known.some((check) => check(value));
}

/** Not `every`, which skips the holes of an array. */
function everyIndex(items: readonly unknown[], check: QuickCheck): boolean {
  for (let at = 0; at < items.length; at++) if (!check(items[at])) return false;
  return true;
}

/** Of values that `items` restricts to single values: comparing objects is ajv's work. */
function compileUniqueItems(unique: boolean, { items }: SchemaNode): QuickCheck | undefined {
  if (!unique) return () => true;
  const itemTypes = isJsonObject(items) ? [items.type].flat().map(String) : [];
  const areSingle = itemTypes.length > 0 && itemTypes.every((type) => singleTypes.has(type));
  return areSingle ? forArrays((values) => new Set(values).size === values.length) : undefined;
}

const singleTypes = new Set(['string', 'number', 'integer', 'boolean', 'null']);

/** JSON Schema counts code points, of which some are two units of a JavaScript string. */
function countCharacters(text: string, enough = Number.POSITIVE_INFINITY): number {
  if (text.length >= 2 * enough) return enough;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Like ajv, an undefined or inherited property counts as missing. */
function has(object: SchemaNode, name: string): boolean {
  return object[name] !== undefined && Object.hasOwn(object, name);
}
