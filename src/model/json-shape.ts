import { isJsonObject } from './json.ts';

/** Whether a value that was stored outside of this program has the shape that its reader expects. */
export type JsonShape = (value: unknown) => boolean;

export const isText: JsonShape = (value) => typeof value === 'string';
export const isNumber: JsonShape = Number.isFinite;
/** The text of a row version. */
export const isVersion: JsonShape = (value) => typeof value === 'string' && /^-?\d{1,19}$/.test(value);
export const isBoolean: JsonShape = (value) => typeof value === 'boolean';
export const isFlag: JsonShape = (value) => value === 0 || value === 1;

export function optional(hasShape: JsonShape): JsonShape {
  return (value) => value === undefined || hasShape(value);
}

export function listOf(hasShape: JsonShape): JsonShape {
  return (value) => Array.isArray(value) && value.every((item) => hasShape(item));
}

/** A list with one value for each shape. */
export function tupleOf(...shapes: readonly JsonShape[]): JsonShape {
  return (value) =>
    Array.isArray(value) &&
    value.length === shapes.length &&
    shapes.every((hasShape, index) => hasShape(value[index]));
}

/** An object whose members all have one shape, whatever their names are. */
export function mapOf(hasShape: JsonShape): JsonShape {
  return (value) => isJsonObject(value) && Object.values(value).every((member) => hasShape(member));
}

/** An object with these members. Other members are not looked at. */
export function objectOf(shapes: Readonly<Record<string, JsonShape>>): JsonShape {
  return (value) =>
    isJsonObject(value) && Object.entries(shapes).every(([name, hasShape]) => hasShape(value[name]));
}
