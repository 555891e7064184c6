/** The values, or undefined if one of them is undefined. */
export function allDefined<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  const present = values.filter((value): value is T => value !== undefined);
  return present.length === values.length ? present : undefined;
}
