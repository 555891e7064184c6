/** Collects the values of an option that can be given several times: `--state a --state b` is `['a', 'b']`. */
export function collectValue(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
