/** A code in a cell, with the anchor to which the `type` of a problem links. */
export function anchoredCode(code: string): string {
  return `<a id="${code.toLowerCase()}"></a>\`${code}\``;
}
