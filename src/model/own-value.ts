/**
 * The value of an object's own property; undefined for a name that the object lacks or only inherits
 * (`constructor`). Use it wherever the name comes from a caller.
 */
export function ownValue<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
