import { searchWordsOf, stemOf, stemsOf } from './search-words.ts';

/** What ranking reads of an operation: a part of its view. */
export interface RankedOperation {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly resource: string;
  readonly keywords: readonly string[];
  /** Those of the keywords that stand for the table. */
  readonly resourceKeywords: readonly string[];
  readonly fields: readonly { readonly name: string; readonly title: string }[];
}

/** How much a word counts for what an operation does, by where it stands. */
const verbWeights = { id: 6, keyword: 5, title: 2, field: 1.2, description: 0.7 } as const;

/** An update is about the fields that it changes. */
const updatedFieldWeight = 4;

/** A phrase of several words, such as "group by", says more than its words. */
const phraseWeight = 9;

/** How much it counts that a question names the table of an operation. */
const resourceWeights = {
  id: 5,
  keyword: 4,
  more: 0.8,
  first: 2.5,
  usual: 2,
  unnamed: 0.5,
  any: 3.5,
} as const;

/** What people mean who name a table and nothing to do with it. */
const reading: Readonly<Record<string, number>> = { list: 2, search: 1.5, get: 0.5, count: 0.2 };

const usualBonus = 0.6;

/** Something else was asked for than what the operation does. */
const missedVerb = 2.5;

/** "tickets" is a question for a list. */
const pluralBonus = 2.5;

/** A word of the verb that nobody asked for: `case.create-many` for "create case". */
const unaskedWord = 0.5;

interface Indexed<Operation> {
  readonly operation: Operation;
  /** The words of the table: those of its name, and those that people use for it. */
  readonly resourceId: ReadonlySet<string>;
  readonly resourceWords: ReadonlySet<string>;
  /** The words of what it does. */
  readonly verb: ReadonlySet<string>;
  readonly keywords: ReadonlySet<string>;
  readonly phrases: readonly string[];
  readonly fields: ReadonlySet<string>;
  readonly title: ReadonlySet<string>;
  readonly description: ReadonlySet<string>;
}

/**
 * Sorts operations by how well they answer a question in everyday words, best first. A question names a table and what to
 * do with it, both often by other words than ours ("close the ticket"). Words that few operations have count more.
 * Operations without a match are left out.
 *
 * @param usual The operations that people need most often (`featured`): they come first among equals, and the table of the
 *   first one is meant if the question names none.
 * @example rankOperations(views, 'close a ticket', ['case.resolve'])[0].id // 'case.resolve'
 */
export function rankOperations<Operation extends RankedOperation>(
  operations: readonly Operation[],
  question: string,
  usual: readonly string[] = [],
): readonly Operation[] {
  return createRanking(operations, usual)(question);
}

/** `rankOperations` for many questions about the same operations: their words are read once. */
export function createRanking<Operation extends RankedOperation>(
  operations: readonly Operation[],
  usual: readonly string[] = [],
): (question: string) => readonly Operation[] {
  const index = indexOperations(operations);
  return (question) => {
    const exact = operations.find(({ id }) => id === question.trim());
    if (exact !== undefined) return [exact];
    const asked = readQuestion(index, question);
    if (asked.words.length === 0 && asked.phrases.size === 0) return [];
    const scored = index.flatMap((one) => {
      const score = scoreOf(one, asked, usual);
      return score === 0 ? [] : [{ operation: one.operation, score }];
    });
    return scored
      .sort((a, b) => b.score - a.score || (a.operation.id < b.operation.id ? -1 : 1))
      .map(({ operation }) => operation);
  };
}

interface Question {
  /** The words outside of phrases, in their stems. */
  readonly words: readonly string[];
  /** The phrases of operations that are in the question: "how many". */
  readonly phrases: ReadonlySet<string>;
  /** The position of the first word that names each table. */
  readonly firstNamed: ReadonlyMap<string, number>;
  readonly rarity: ReadonlyMap<string, number>;
  /** The words that name a table. */
  readonly tableWords: ReadonlySet<string>;
  /** It has a number or a quotation, which can be searched for. */
  readonly namesOne: boolean;
  /** The tables that it names in plural. */
  readonly namesSeveral: ReadonlySet<string>;
  /** It says what to do, not only with what. */
  readonly hasVerb: boolean;
  /** The same, by a word that names no table. */
  readonly hasPlainVerb: boolean;
}

function readQuestion(index: readonly Indexed<RankedOperation>[], question: string): Question {
  const { words: all, text, plurals } = searchWordsOf(question);
  const inQuestion = (phrase: string) => ` ${text} `.includes(` ${phrase} `);
  const phrases = new Set(index.flatMap((one) => one.phrases.filter(inQuestion)));
  const ofPhrases = new Set([...phrases].flatMap((phrase) => phrase.split(' ')));
  const named = (one: Indexed<RankedOperation>, word: string) => namesResource(one, word) > 0;
  const words = all.filter((word) => !ofPhrases.has(word) || index.some((one) => named(one, word)));
  const isGeneral = (word: string) =>
    !plurals.has(word) &&
    new Set(index.filter((one) => named(one, word)).map(({ operation }) => operation.resource)).size > 2;
  const firstNamed = new Map<string, number>();
  const namesSeveral = new Set<string>();
  for (const one of index) {
    const at = words.findIndex((word) => named(one, word));
    const word = words[at] ?? '';
    // "customer feedback" is about feedback: a customer is an account, a contact or a lead.
    if (at >= 0) firstNamed.set(one.operation.resource, isGeneral(word) ? at + words.length : at);
    if (plurals.has(word)) namesSeveral.add(one.operation.resource);
  }
  const rarity = new Map(words.map((word) => [word, rarityOf(index, word)]));
  const tableWords = new Set(words.filter((word) => index.some((one) => named(one, word))));
  const isVerb = (word: string) => index.some((one) => isVerbOf(one, word, tableWords));
  const hasPlainVerb = phrases.size > 0 || words.some((word) => !tableWords.has(word) && isVerb(word));
  const hasVerb = hasPlainVerb || words.some(isVerb);
  return {
    words,
    phrases,
    firstNamed,
    namesSeveral,
    rarity,
    tableWords,
    hasVerb,
    hasPlainVerb,
    namesOne: /\d{3}|["“”']\w/.test(question),
  };
}

/** Whether a word says what an operation does, and not only names a table. */
function isVerbOf(one: Indexed<RankedOperation>, word: string, tableWords: ReadonlySet<string>): boolean {
  if (!one.verb.has(word) && !one.keywords.has(word)) return false;
  if (!tableWords.has(word)) return true;
  return [...tableWords].some((other) => other !== word && namesResource(one, other) > 0);
}

function indexOperations<Operation extends RankedOperation>(
  operations: readonly Operation[],
): readonly Indexed<Operation>[] {
  return operations.map((operation) => {
    const { id, resource, title, description, keywords, resourceKeywords, fields } = operation;
    const own = keywords.filter((keyword) => !resourceKeywords.includes(keyword) && keyword !== resource);
    return {
      operation,
      resourceId: stemsOf(resource),
      resourceWords: stemsOf(resourceKeywords.join(' ')),
      verb: stemsOf(id.slice(resource.length + 1)),
      keywords: stemsOf(own.filter((keyword) => !keyword.includes(' ')).join(' ')),
      phrases: own.filter((keyword) => keyword.includes(' ')).map((phrase) => searchWordsOf(phrase).text),
      fields: stemsOf(fields.map(({ name, title: label }) => `${splitName(name)} ${label}`).join(' ')),
      title: stemsOf(title),
      description: stemsOf(description),
    };
  });
}

/** `customerId` -> "customer Id" */
function splitName(name: string): string {
  return name.replaceAll(/[A-Z]/g, ' $&');
}

/** "queue" is a part of the name `queue-item`. */
const partOfName = 0.8;

/** How well a word names the table of an operation, from 0 to 1: "queue" is half of `queue-item`. */
function namesResource(
  { resourceId, resourceWords, operation }: Indexed<RankedOperation>,
  word: string,
): number {
  if (operation.resource === 'record') return 0;
  if (resourceId.has(word)) return resourceId.size === 1 ? 1 : partOfName;
  return resourceWords.has(word) ? resourceWeights.keyword / resourceWeights.id : 0;
}

function verbWeightOf(
  one: Indexed<RankedOperation>,
  word: string,
  { isTable = false, isUpdate = false } = {},
): number {
  if (one.verb.has(word)) return verbWeights.id;
  if (one.keywords.has(word)) return verbWeights.keyword;
  if (namesResource(one, word) > 0) return 0;
  if (one.fields.has(word)) {
    if (isUpdate) return isTable ? verbWeights.field : updatedFieldWeight;
    // The name of another table is hardly meant as an input.
    return isTable ? 0 : verbWeights.field;
  }
  if (one.title.has(word)) return verbWeights.title;
  return one.description.has(word) ? verbWeights.description : 0;
}

const updateStem = stemOf('update');

/** From 0.2 to 1: a word that matches few operations says more than one that matches many. */
function rarityOf(index: readonly Indexed<RankedOperation>[], word: string): number {
  const matches = index.filter((one) => verbWeightOf(one, word) >= verbWeights.title).length;
  return 1 - (0.8 * Math.log(1 + matches)) / Math.log(2 + index.length);
}

function scoreOf(one: Indexed<RankedOperation>, asked: Question, usual: readonly string[]): number {
  const { words, phrases, rarity } = asked;
  const isUpdate =
    one.verb.has(updateStem) &&
    (asked.firstNamed.size === 0 || words.some((word) => one.verb.has(word) || one.keywords.has(word)));
  const byWords = words.reduce(
    (sum, word) =>
      sum +
      verbWeightOf(one, word, { isTable: asked.tableWords.has(word), isUpdate }) * (rarity.get(word) ?? 0),
    0,
  );
  const does = byWords + one.phrases.filter((phrase) => phrases.has(phrase)).length * phraseWeight;
  const names = words.map((word) => namesResource(one, word)).filter((share) => share > 0);
  if (does === 0 && names.length === 0) return 0;
  const isUsual = usual.includes(one.operation.id) ? usualBonus : 0;
  const doesVerb =
    one.phrases.some((phrase) => phrases.has(phrase)) ||
    words.some((word) => one.verb.has(word) || one.keywords.has(word));
  const missed = asked.hasPlainVerb && !doesVerb ? missedVerb : 0;
  const about = resourceScore(one, names, { asked, usual, does }) + readingScore(one, asked);
  return does + about + isUsual - unaskedOf(one, words) - missed;
}

/** A question without a verb is one for rows; one with a number or a quotation is a search. */
function readingScore({ operation: { id, resource } }: Indexed<RankedOperation>, asked: Question): number {
  const verb = id.slice(resource.length + 1);
  const usual = Object.hasOwn(reading, verb) ? (reading[verb] ?? 0) : 0;
  const one = asked.namesOne && verb === 'search' ? 2 : 0;
  const several =
    !asked.hasPlainVerb && asked.namesSeveral.has(resource) && verb === 'list' ? pluralBonus : 0;
  return one + several + (asked.hasVerb ? usual / 8 : usual);
}

function unaskedOf({ verb }: Indexed<RankedOperation>, words: readonly string[]): number {
  const extra = [...verb].filter((word) => !words.includes(word)).length;
  // A synonym stands for one word of the verb.
  const isAsked = extra < verb.size;
  return Math.max(0, extra - (isAsked ? 0 : 1)) * unaskedWord;
}

function resourceScore(
  { operation: { resource } }: Indexed<RankedOperation>,
  names: readonly number[],
  {
    asked,
    usual,
    does,
  }: { readonly asked: Question; readonly usual: readonly string[]; readonly does: number },
): number {
  const { firstNamed } = asked;
  // What works on any table is meant by what it does.
  if (resource === 'record') return does >= verbWeights.title ? resourceWeights.any : 0;
  if (names.length > 0) {
    const at = firstNamed.get(resource) ?? 0;
    const isFirst = [...firstNamed.values()].every((other) => at <= other);
    const more = (names.length - 1) * resourceWeights.more;
    return Math.max(...names) * resourceWeights.id + more + (isFirst ? resourceWeights.first : 0);
  }
  if (resource !== usual[0]?.split('.', 1)[0]) return 0;
  return firstNamed.size === 0 ? resourceWeights.usual : resourceWeights.unnamed;
}
