/** Edits (insert, delete, replace, swap of neighbors) between two words, case ignored. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      }
      rows[i]![j] = best;
    }
  }
  return rows[a.length]![b.length]!;
}

/** The known names nearest to a wrong one, best first, at most `most`; none when nothing is near. */
export function suggest(wrong: string, known: Iterable<string>, max = 3): readonly string[] {
  const lower = wrong.toLowerCase().slice(0, 100);
  const maxDistance = Math.max(2, Math.floor(lower.length / 3));
  return [...known]
    .filter((name) => Math.abs(name.length - wrong.length) <= maxDistance || name.length > 100)
    .map((name) => ({ name, cost: editDistance(lower, name.toLowerCase().slice(0, 100)) }))
    .filter(({ cost }) => cost <= maxDistance)
    .sort((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1))
    .slice(0, max)
    .map(({ name }) => name);
}
