import type { MetadataColumn } from '../../model/metadata.ts';

/** A publisher prefix has 2 to 8 characters: `new_ticket`, `pre__courts`. Addresses look alike: `address1_city`. */
const prefixPattern = /^(?!address\d)([a-z][a-z0-9]{1,7})_+(?=[^_])/;

/** Publisher prefixes of Microsoft's own solutions. */
const microsoftPrefixes: readonly string[] = [
  ...['adx', 'cdm', 'li', 'msa', 'msdyn', 'msdynce', 'msdyncrm', 'msdynmkt', 'msdyusd', 'msfp', 'msft'],
  ...['dnb', 'msevtmgt', 'msgdpr', 'msiotl', 'mspcat', 'mspp'],
];

/**
 * Whether a logical name has the prefix of a publisher other than Microsoft.
 *
 * @param columns the columns of its table: `aging30_base` belongs to `aging30`, it is not of a publisher "aging30"
 */
export function isCustomName(name: string, columns: ReadonlySet<string> = new Set()): boolean {
  const prefix = prefixOf(name);
  return prefix !== undefined && !microsoftPrefixes.includes(prefix) && !columns.has(prefix);
}

/** Whether a logical name has the prefix of a publisher: those of standard tables have none. */
export function isPrefixed(name: string): boolean {
  return prefixOf(name) !== undefined;
}

function prefixOf(name: string): string | undefined {
  return prefixPattern.exec(name)?.[1];
}

/**
 * Our names for a table, the best first.
 *
 * @example tableNames({ name: 'new_servicevisit', title: 'Service Visit' }) // ['service-visit', 'new-service-visit']
 */
export function tableNames({ name, title }: { readonly name: string; readonly title: string }): string[] {
  const words = wordsOf(name, title);
  return [words, [prefixOf(name) ?? 'table', ...words]]
    .map((all) => all.join('-'))
    .filter((text) => /^[a-z]/.test(text));
}

/**
 * Our names for a column, the best first: without the publisher prefix, with the words of its title if they are its name.
 *
 * @example columnNames({ name: 'new_ticketnumber', title: 'Ticket Number', type: 'string' }) // ['ticketNumber', 'newTicketNumber']
 */
export function columnNames({
  name,
  title,
  type,
}: Pick<MetadataColumn, 'name' | 'title' | 'type'>): string[] {
  const words = type === 'lookup' ? lookupWordsOf(name, title) : wordsOf(name, title);
  return [words, [prefixOf(name) ?? 'column', ...words]]
    .map(toCamelCase)
    .filter((text) => /^[a-z]/.test(text));
}

/** The first name that is not taken; if all are, the last one with a number. */
export function chooseName(names: readonly string[], isTaken: (name: string) => boolean): string {
  const free = names.find((name) => !isTaken(name));
  if (free !== undefined) return free;
  const last = names.at(-1) ?? 'x';
  for (let number = 2; ; number++) if (!isTaken(`${last}${number}`)) return `${last}${number}`;
}

/** `new_ticketnumber`, "Ticket Number" -> ticket, number */
function wordsOf(name: string, title: string): readonly string[] {
  const rest = name.replace(prefixPattern, '');
  const titled = splitWords(title);
  return titled.join('') === rest.replaceAll('_', '').toLowerCase() ? titled : splitWords(rest);
}

/** The id at the end of a lookup is left out if its title has none: `new_caseid`, "Case" -> case */
function lookupWordsOf(name: string, title: string): readonly string[] {
  const short = name.replace(/_?id$/, '');
  const rest = short.replace(prefixPattern, '').replaceAll('_', '');
  const isId = name.endsWith('_id') || rest === splitWords(title).join('');
  return wordsOf(isId && rest !== '' ? short : name, title);
}

function splitWords(text: string): readonly string[] {
  return foldText(text).match(/[a-z0-9]+/g) ?? [];
}

function toCamelCase(words: readonly string[]): string {
  return words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}

/** Lower case, without the marks of letters: "Größe" -> "große" */
function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
