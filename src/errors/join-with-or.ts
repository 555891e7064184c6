/** A list as a sentence has it: `a`, `a or b`, `a, b or c`. */
export function joinWithOr(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}
