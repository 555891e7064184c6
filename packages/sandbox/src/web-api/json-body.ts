/** A JSON object that has been parsed but not checked. */
export type JsonBody = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object: not a list, not null. */
export function isJsonObject(value: unknown): value is JsonBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
