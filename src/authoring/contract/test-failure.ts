import { isJsonArray, isJsonObject, type Json } from '../../model/json.ts';

/** One thing that is not as a contract test expects it. */
export interface TestFailure {
  readonly message: string;
  /** The part of the test that says what is expected: `['sends', 'body']`, `['polls', 0, 'emits', 1]`. */
  readonly part?: readonly (string | number)[] | undefined;
  /** Where the two values differ. */
  readonly differences?: readonly Difference[];
  /** What the part would have to be for the test to pass. */
  readonly actual?: Json | undefined;
}

/** A place where two JSON values differ: a path such as `customer.id`, and both values; undefined if there is none. */
export interface Difference {
  readonly path: string;
  readonly expected: Json | undefined;
  readonly actual: Json | undefined;
}

/** Every place where two values differ, regardless of the order of properties; none if they are equal. */
export function findDifferences(
  expected: Json | undefined,
  actual: Json | undefined,
  path = '',
): readonly Difference[] {
  if (expected !== undefined && actual !== undefined) {
    const below = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
    if (isJsonObject(expected) && isJsonObject(actual)) {
      const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
      return [...keys].flatMap((key) => findDifferences(own(expected, key), own(actual, key), below(key)));
    }
    if (isJsonArray(expected) && isJsonArray(actual)) {
      const longest = expected.length > actual.length ? expected : actual;
      return longest.flatMap((_, index) => findDifferences(expected[index], actual[index], below(index)));
    }
  }
  return Object.is(expected, actual) ? [] : [{ path, expected, actual }];
}

function own(object: Readonly<Record<string, Json>>, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
