import type { Random } from '../../../src/random.ts';

/** Changes texts: the same word or number always becomes the same one. */
export type ChangeText = (text: string) => string;

const word = /[A-Za-z]{3,}/g;
/** Tags of HTML and character references stay. */
const wordOrTag = /<[^>]*>|&\w+;|[A-Za-z]{3,}/g;
const digits = /\d{3,}/g;
/** Parts of addresses whose form is checked. */
const kept = new Set(['http', 'https', 'www', 'com', 'mailto']);

/** Creates random words for those of the texts. They sort as the old ones do and have their lengths and capitals. */
export function createTextMap(texts: readonly string[], random: Random): ChangeText {
  const all = texts
    .flatMap((text) => text.replace(/<[^>]*>|&\w+;/g, ' ').match(word) ?? [])
    .map((found) => found.toLowerCase());
  const old = [...new Set(all)].filter((found) => !kept.has(found)).sort();
  const starts = sortedStarts(old.length, random);
  const words = new Map(
    old.map((found, index) => [found, (starts[index] ?? '') + letters(found.length - 3, random)]),
  );
  const numbers = new Map<string, string>();
  const newNumber = (text: string): string => {
    const known = numbers.get(text) ?? [...text].map(() => Math.floor(random.next() * 10)).join('');
    numbers.set(text, known);
    return known;
  };
  return (text) =>
    text
      .replace(wordOrTag, (found) => withCapitals(found, words.get(found.toLowerCase()) ?? found))
      .replace(digits, newNumber);
}

/** Different beginnings of three letters, sorted. */
function sortedStarts(count: number, random: Random): readonly string[] {
  const starts = new Set<string>();
  while (starts.size < count) starts.add(letters(3, random));
  return [...starts].sort();
}

function letters(count: number, random: Random): string {
  return Array.from({ length: count }, () => String.fromCharCode(97 + Math.floor(random.next() * 26))).join(
    '',
  );
}

function withCapitals(old: string, replacement: string): string {
  return [...replacement]
    .map((letter, index) => (/[A-Z]/.test(old[index] ?? '') ? letter.toUpperCase() : letter))
    .join('');
}
