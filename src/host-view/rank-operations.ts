import { assertText } from '../validation/assert-options.ts';
import {
  type Indexed,
  indexOperations,
  namesResource,
  type RankedOperation,
  resourceWeights,
  verbWeightOf,
  verbWeights,
} from './operation-index.ts';
import { type Question, readQuestion } from './read-question.ts';
import { stemOf } from './search-words.ts';

/** A phrase of several words, such as "group by", says more than its words. */
const phraseWeight = 9;

/** What people mean who name a table and nothing to do with it. */
const reading: Readonly<Record<string, number>> = { list: 2, search: 1.5, get: 0.5, count: 0.2 };

const usualBonus = 0.6;

/** Something else was asked for than what the operation does. */
const missedVerb = 2.5;

/** A question is asked, and the operation answers it by changing something. */
const changesInstead = 4;

/** "postpone a task" and "put the ticket on hold" are updates: of a verb that no operation of the table has. */
const impliedUpdate = 4;

/** "the phone number of this contact" reads one row. */
const partBonus = 3;

/** "who is responsible for this ticket" reads one row. */
const singleBonus = 2.5;

/** "get the attachments" is no question for one of them. */
const singleOfSeveral = 5;

/** "create an article from this case" is no link of the article to the case: the article is no verb. */
const otherVerb = 0.4;

/** "tickets" is a question for a list. */
const pluralBonus = 2.5;

/** A word of the verb that nobody asked for: `case.create-many` for "create case". */
const unaskedWord = 0.5;

/**
 * Makes a function that sorts operations by how well they answer a question in everyday words, best first. A question names a
 * table and what to do with it, both often by other words than ours ("close the ticket"). Words that few operations have
 * count more. Operations without a match are left out. The words of the operations are read once, here.
 *
 * @param usual The operations that people need most often (`featured`): they come first among equals, and the table of the
 *   first one is meant if the question names none.
 * @example createRanking(views, ['case.resolve'])('close a ticket')[0].id // 'case.resolve'
 */
export function createRanking<Operation extends RankedOperation>(
  operations: readonly Operation[],
  usual: readonly string[] = [],
): (question: string) => readonly Operation[] {
  const index = indexOperations(operations);
  const usualTable = usual[0]?.split('.', 1)[0];
  return (question) => {
    assertText(question, 'question');
    const exact = operations.find(({ id }) => id === question.trim());
    if (exact !== undefined) return [exact];
    const asked = readQuestion(index, question, usualTable);
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

const updateStem = stemOf('update');

function scoreOf(one: Indexed<RankedOperation>, asked: Question, usual: readonly string[]): number {
  const { operation } = one;
  const verbs = operation.readOnly ? asked.words : asked.words.filter((word) => !asked.described.has(word));
  const isOne = (word: string) => one.verb.has(word) || one.keywords.has(word);
  const isUpdate = one.verb.has(updateStem) && (asked.firstNamed.size === 0 || verbs.some(isOne));
  const doesPlainVerb = verbs.some((word) => !asked.tableWords.has(word) && isOne(word));
  const isOther = (word: string) => asked.tableWords.has(word) && asked.hasPlainVerb && !doesPlainVerb;
  const byWords = verbs.reduce(
    (sum, word) =>
      sum +
      (isOther(word) ? otherVerb : 1) *
        verbWeightOf(one, word, { isTable: asked.tableWords.has(word), isUpdate }) *
        (asked.rarity.get(word) ?? 0),
    0,
  );
  const phrases = longestOf(one.phrases.filter((phrase) => asked.phrases.has(phrase))).length;
  const does = byWords + phrases * phraseWeight;
  const names = [...asked.tableWords].map((word) => namesResource(one, word)).filter((share) => share > 0);
  if (does === 0 && names.length === 0) return 0;
  const implied = asked.impliesUpdate && isPlainUpdate(one) ? impliedUpdate : 0;
  const doesVerb = phrases > 0 || implied > 0 || verbs.some(isOne);
  const missed =
    (asked.hasPlainVerb && !doesVerb ? missedVerb : 0) +
    (asked.asksToRead && !operation.readOnly ? changesInstead : 0);
  const about = resourceScore(one, names, { asked, usual, does }) + readingScore(one, asked);
  const isUsual = usual.includes(operation.id) ? usualBonus : 0;
  return does + implied + about + isUsual - unaskedOf(one, asked.words) - missed;
}

/** "created today" says all that "today" says. */
function longestOf(phrases: readonly string[]): readonly string[] {
  return phrases.filter((one) => !phrases.some((other) => other !== one && other.includes(one)));
}

/** Whether an operation updates one row: `task.update`. */
function isPlainUpdate({ verb }: Indexed<RankedOperation>): boolean {
  return verb.size === 1 && verb.has(updateStem);
}

/** A question without a verb is one for rows; one with a number or a quotation is a search. */
function readingScore({ operation: { id, resource } }: Indexed<RankedOperation>, asked: Question): number {
  const verb = id.slice(resource.length + 1);
  const usual = Object.hasOwn(reading, verb) ? (reading[verb] ?? 0) : 0;
  const one = asked.namesOne && verb === 'search' ? 2 : 0;
  const several =
    !asked.hasPlainVerb && asked.namesSeveral.has(resource) && verb === 'list' ? pluralBonus : 0;
  const part = asked.partOf.has(resource) && verb === 'get' && asked.asksToRead ? partBonus : 0;
  const single = asked.asksToRead && verb === 'get' && asked.meansOne.has(resource) ? singleBonus : 0;
  const isSeveral =
    asked.namesSeveral.has(resource) || (resource === 'record' && asked.namesSeveral.size > 0);
  const tooFew = asked.asksToRead && verb === 'get' && isSeveral ? singleOfSeveral : 0;
  return one + several + part + single - tooFew + (asked.hasVerb ? usual / 8 : usual);
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
  if (resource === 'record') {
    if (does < verbWeights.title) return 0;
    return firstNamed.size > 0 || asked.namesAnyTable ? resourceWeights.any : resourceWeights.unasked;
  }
  if (names.length > 0) {
    const at = firstNamed.get(resource) ?? 0;
    const isFirst = [...firstNamed.values()].every((other) => at <= other);
    const more = (names.length - 1) * resourceWeights.more;
    return Math.max(...names) * resourceWeights.id + more + (isFirst ? resourceWeights.first : 0);
  }
  if (resource !== usual[0]?.split('.', 1)[0]) return 0;
  if (firstNamed.size === 0) return resourceWeights.usual;
  return asked.isGeneral ? resourceWeights.general : resourceWeights.unnamed;
}
