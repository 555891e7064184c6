/**
 * A copy without the members that are undefined, for objects where an absent key matters: rows that are written key
 * by key, values merged over defaults, texts that are compared.
 *
 * @example omitUndefined({ name: 'Contoso', phone: undefined }) // { name: 'Contoso' }
 */
export function omitUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
