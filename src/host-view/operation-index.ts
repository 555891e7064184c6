import { searchWordsOf, stemsOf } from './search-words.ts';

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
  /** It changes nothing. */
  readonly readOnly: boolean;
}

/** How much a word counts for what an operation does, by where it stands. */
export const verbWeights = { id: 6, keyword: 5, title: 2, field: 1.2, description: 0.7 } as const;

/** An update is about the fields that it changes. */
const updatedFieldWeight = 4;

/** How much it counts that a question names the table of an operation. */
export const resourceWeights = {
  id: 5,
  keyword: 4,
  more: 0.8,
  first: 2.5,
  usual: 2,
  unnamed: 0.5,
  general: 3,
  any: 3.5,
  unasked: 1.9,
} as const;

export interface Indexed<Operation> {
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

export function indexOperations<Operation extends RankedOperation>(
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
export function namesResource(
  { resourceId, resourceWords, operation }: Indexed<RankedOperation>,
  word: string,
): number {
  if (operation.resource === 'record') return 0;
  if (resourceId.has(word)) return resourceId.size === 1 ? 1 : partOfName;
  return resourceWords.has(word) ? resourceWeights.keyword / resourceWeights.id : 0;
}

export function verbWeightOf(
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

/** From 0.2 to 1: a word that matches few operations says more than one that matches many. */
export function rarityOf(index: readonly Indexed<RankedOperation>[], word: string): number {
  const matches = index.filter((one) => verbWeightOf(one, word) >= verbWeights.title).length;
  return 1 - (0.8 * Math.log(1 + matches)) / Math.log(2 + index.length);
}
