import { isJsonObject, type JsonSchema } from '../model/json.ts';

/**
 * Returns a copy of `value` without the members that are null although their schema allows no null, at any depth: they
 * count as not given. Required members and those that the schema does not describe stay, so that they are refused.
 */
export function withoutNullMembers(schema: JsonSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return isJsonObject(items) ? value.map((item) => withoutNullMembers(items, item)) : value;
  }
  const { properties, required = [] } = schema;
  if (!isJsonObject(value) || !isJsonObject(properties)) return value;
  const members = Object.entries(value).flatMap(([name, part]): readonly (readonly [string, unknown])[] => {
    const member = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isJsonObject(member)) return [[name, part]];
    const isRequired = Array.isArray(required) && required.includes(name);
    if (part === null && !isRequired && !allowsNull(member)) return [];
    return [[name, withoutNullMembers(member, part)]];
  });
  // fromEntries defines own properties, so a property called __proto__ stays data.
  return Object.fromEntries(members);
}

function allowsNull({ type, enum: values, anyOf }: JsonSchema): boolean {
  if (Array.isArray(anyOf)) return anyOf.some((one) => isJsonObject(one) && allowsNull(one));
  if (Array.isArray(values)) return values.includes(null);
  return type === undefined || type === 'null' || (Array.isArray(type) && type.includes('null'));
}
