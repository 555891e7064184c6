/** Words between a verb and its table that say nothing without the table. */
const linkWords: ReadonlySet<string> = new Set(['a', 'an', 'the', 'of', 'to', 'from', 'for', 'with']);

/**
 * The name of an operation within its group: its title without the table. "Resolve case" -> "Resolve", "Add note to case"
 * -> "Add note", "Case missed its SLA" -> "Missed its SLA".
 *
 * @param nouns The names of the table: "Cases", "Case".
 */
export function shortNameOf(title: string, nouns: readonly string[]): string {
  const words = title.split(' ');
  for (const noun of nouns.map((text) => text.toLowerCase().split(' '))) {
    const at = words.findIndex((_, start) =>
      noun.every((word, i) => words[start + i]?.toLowerCase() === word),
    );
    if (at < 0) continue;
    const before = words.slice(0, at);
    if (linkWords.has(before.at(-1)?.toLowerCase() ?? '')) before.pop();
    const short = [...before, ...words.slice(at + noun.length)].join(' ');
    return short === '' ? title : short.charAt(0).toUpperCase() + short.slice(1);
  }
  return title;
}
