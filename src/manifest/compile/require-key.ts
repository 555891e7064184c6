/** A member that the grammar requires: a file without it is reported and never compiled. */
export function requireKey<Yaml extends object, Key extends keyof Yaml & string>(
  yaml: Yaml,
  key: Key,
): NonNullable<Yaml[Key]> {
  const value = yaml[key];
  if (value === undefined || value === null) throw new Error(`The grammar does not require "${key}".`);
  return value;
}
