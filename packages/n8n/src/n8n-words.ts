import type { OperationView } from 'dynamics365-connector/host';

/** Words that n8n's titles write in lower case, unless they are first or last. */
const smallWords: ReadonlySet<string> = new Set(
  'a an and as at but by for from in into its nor of on or the to with'.split(' '),
);

/** n8n's title case: "Case number" -> "Case Number". Words with capitals stay: "SLA". */
export function titleCase(text: string): string {
  const words = text.split(' ');
  return words
    .map((word, at) => {
      const isInner = at > 0 && at < words.length - 1;
      if (isInner && smallWords.has(word)) return word;
      return word.replaceAll(
        /(^|[-/(])([a-z])/g,
        (_, before: string, letter: string) => before + letter.toUpperCase(),
      );
    })
    .join(' ');
}

/** The names that n8n's own nodes have for these verbs. */
const usualNames: Readonly<Record<string, string>> = { list: 'Get Many', 'get-by-key': 'Get by Key' };

/** The verb of an operation, its id without the resource: `create`. It is the value of the field "Operation". */
export function verbOf({ id, resource }: Pick<OperationView, 'id' | 'resource'>): string {
  return id.slice(resource.length + 1);
}

/** The name of an operation in the list of its resource: "Create", "Get Many". */
export function operationName(view: OperationView): string {
  return usualNames[verbOf(view)] ?? titleCase(view.name);
}

/** What an operation does, as n8n's list of actions shows it: "Create a case", "Get many cases". */
export function actionText({ id, resource, title, group }: OperationView): string {
  const text = verbOf({ id, resource }) === 'list' ? title.replace(/^List /, 'Get many ') : title;
  const noun = group.charAt(0).toLowerCase() + group.slice(1);
  const words = text.split(' ');
  const at = words.findIndex(
    (word, index) => index > 0 && sameWords(words.slice(index), noun) && word !== '',
  );
  if (at < 0 || words[at - 1] === 'many') return text;
  return [...words.slice(0, at), articleFor(noun), ...words.slice(at)].join(' ');
}

/** Verbs that say what they do. */
const plainVerbs: ReadonlySet<string> = new Set([
  ...['add-note', 'assign', 'associate', 'attach', 'complete', 'count', 'create', 'delete', 'disassociate'],
  ...['get', 'get-by-key', 'list', 'search', 'set-state', 'share', 'unshare', 'update'],
  ...['create-many', 'find-duplicates', 'list-managers', 'update-many', 'upsert-many'],
]);

/**
 * What the list of operations shows below a name: the first sentence of the description, without its details. n8n's editor
 * loads the descriptions of all nodes at once, so that they must be small.
 */
export function operationHint(view: OperationView): string | undefined {
  if (plainVerbs.has(verbOf(view))) return undefined;
  const [sentence = ''] = view.description.split(/[.;:](?= |$)/);
  return sentence.replace(/ \([^)]*\)/g, '');
}

function sameWords(words: readonly string[], noun: string): boolean {
  const wanted = noun.split(' ');
  return wanted.every((word, index) => words[index]?.toLowerCase() === word.toLowerCase());
}

function articleFor(noun: string): string {
  return /^([aeio]|u(?!se)|sla\b)/i.test(noun) ? 'an' : 'a';
}
