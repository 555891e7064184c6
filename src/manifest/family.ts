import { suggest } from '../errors/suggest.ts';
import type { Json } from '../model/json.ts';
import { parseTemplate } from '../template/parse.ts';
import type { Site } from './site.ts';
import type { TableFacts } from './workshop.ts';

/** The words that stand for a table in a family's file. */
export type TableWords = Readonly<Record<string, string>>;

/** `{{table.one}}` and its kin: "case", "cases" in a sentence; "Case", "Cases" at its start. */
export function wordsOf(
  name: string,
  { title, plural, logicalName, set, key, primaryName }: TableFacts,
): TableWords {
  return {
    name,
    title,
    plural,
    one: lowerFirst(title),
    many: lowerFirst(plural),
    logicalName,
    set,
    key,
    primaryName,
  };
}

/** "Case" -> "case", but "SLA" stays. */
function lowerFirst(text: string): string {
  return /^.[A-Z]/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

/** A family's data with the words of one table in place of `{{table.*}}`; other holes stay holes. */
export function fillWords(data: Json, words: TableWords, site: Site): Json {
  if (typeof data === 'string') return fillText(data, words, site);
  if (data === null || typeof data !== 'object') return data;
  if (Array.isArray(data)) return data.map((item: Json, index) => fillWords(item, words, site.at(index)));
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      fillText(key, words, site.at(key)),
      fillWords(value as Json, words, site.at(key)),
    ]),
  );
}

function fillText(text: string, words: TableWords, site: Site): string {
  if (!text.includes('{{table')) return text;
  // A text with faults is reported where it is compiled as a template.
  const { parts } = parseTemplate(text);
  if (parts.length === 0) return text;
  const filled = parts.map((part) => {
    if (typeof part === 'string') return part;
    const raw = text.slice(part.start, part.end);
    const [root, word = '', ...more] = part.path;
    if (root !== 'table') return raw;
    if (more.length === 0 && Object.hasOwn(words, word)) return words[word];
    const [nearest] = suggest(word, Object.keys(words), 1);
    const fix = nearest
      ? `did you mean {{table.${nearest}}}?`
      : `there are: ${Object.keys(words).join(', ')}`;
    site.error('T112', `${raw}: a table has no such word`, { text: raw, fix });
    return word;
  });
  return filled.join('');
}
