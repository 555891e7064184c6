import { isJsonObject } from 'dynamics365-connector/host';

/** A value of the store. Undefined if the text is not a JSON object with these properties, of these types. */
export function parseStoredObject<Value>(
  text: string,
  types: { readonly [Name in keyof Value]?: 'string' | 'number' | 'object' },
): Value | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    const isKnown = Object.entries(types).every(([name, type]) => typeof value[name] === type);
    return isKnown ? (value as Value) : undefined;
  } catch {
    return undefined;
  }
}
