/** The number of edits (insert, delete, replace, swap of neighbors) from one text to another. */
function editDistance(from: string, to: string): number {
  const at = (row: readonly number[], index: number) => row[index] ?? 0;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replacement = from[i - 1] === to[j - 1] ? 0 : 1;
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row.push(
        Math.min(
          at(last, j) + 1,
          at(row, j - 1) + 1,
          at(last, j - 1) + replacement,
          isSwap ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, to.length);
}

/** Names are compared up to this length. */
const maxComparedLength = 100;

/**
 * Finds the known names that are most similar to an unknown one. Upper and lower case are equal.
 *
 * @param max The largest number of names to return.
 * @returns The most similar name first; none if no name is similar.
 * @example suggest('titel', ['title', 'status']) // ['title']
 */
export function suggest(wrong: string, known: Iterable<string>, max = 3): readonly string[] {
  return rank(wrong, known)
    .slice(0, max)
    .map(({ name }) => name);
}

/** The known name that is more similar than all others; undefined if two are equally similar, or none is. */
export function suggestOne(wrong: string, known: Iterable<string>): string | undefined {
  const [first, second] = rank(wrong, known);
  return first !== undefined && first.cost < (second?.cost ?? Number.POSITIVE_INFINITY)
    ? first.name
    : undefined;
}

interface Ranked {
  readonly name: string;
  readonly cost: number;
}

/** The similar names, the most similar first. */
function rank(wrong: string, known: Iterable<string>): readonly Ranked[] {
  const comparable = (name: string) => name.toLowerCase().slice(0, maxComparedLength);
  const lower = comparable(wrong);
  const maxDistance = Math.max(2, Math.floor(lower.length / 3));
  return [...known]
    .filter((name) => Math.abs(name.length - wrong.length) <= maxDistance || name.length > maxComparedLength)
    .map((name) => ({ name, cost: editDistance(lower, comparable(name)) }))
    .filter(({ cost }) => cost <= maxDistance)
    .sort((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1));
}
