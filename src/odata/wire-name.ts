/** A column's name in queries and rows: its logical name; for a lookup `_customerid_value`. */
export function toWireName({ name, type }: { readonly name: string; readonly type: string }): string {
  return type === 'lookup' ? `_${name}_value` : name;
}

/** The logical name behind a wire name: `_customerid_value` -> `customerid`; other names stay as they are. */
export function toLogicalName(wireName: string): string {
  return wireName.replace(/^_(.*)_value$/, '$1');
}
