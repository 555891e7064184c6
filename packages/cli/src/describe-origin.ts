/** Where an operation comes from: `actions/case.get.yaml of dynamics365-customer-service`. */
export function describeOrigin({ file, from }: { readonly file?: unknown; readonly from?: unknown }): string {
  return from === undefined ? String(file) : `${file} of ${from}`;
}
