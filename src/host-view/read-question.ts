import { type Indexed, namesResource, type RankedOperation, rarityOf } from './operation-index.ts';
import { type QuestionShape, shapeOf } from './question-shape.ts';
import { isPlural, searchWordsOf, stemOf, wordsOf } from './search-words.ts';

type Index = readonly Indexed<RankedOperation>[];

/** What a question says. Words are in their stems. */
export interface Question {
  /** The words outside of phrases. */
  readonly words: readonly string[];
  /** The phrases of operations that are in the question: "how many". */
  readonly phrases: ReadonlySet<string>;
  /** The position of the first word that names each table. */
  readonly firstNamed: ReadonlyMap<string, number>;
  readonly rarity: ReadonlyMap<string, number>;
  /** The words that name a table. */
  readonly tableWords: ReadonlySet<string>;
  /** It asks for no table that we know: "a record", "a custom table". */
  readonly namesAnyTable: boolean;
  /** It has a number or a quotation, which can be searched for. */
  readonly namesOne: boolean;
  /** The tables that it names in plural. */
  readonly namesSeveral: ReadonlySet<string>;
  /** It says what to do, not only with what. */
  readonly hasVerb: boolean;
  /** The same, by a word that names no table. */
  readonly hasPlainVerb: boolean;
  /** It asks for an answer, and for no change. */
  readonly asksToRead: boolean;
  /** The words that describe rows and are nothing to do: "resolved" of "resolved cases". */
  readonly described: ReadonlySet<string>;
  /** It says what to do by a verb that no operation of its table has: "postpone a task". */
  readonly impliesUpdate: boolean;
  /** The tables of which it means one row: "this case". */
  readonly meansOne: ReadonlySet<string>;
  /** It names tables only by words for several of them: "customer". */
  readonly isGeneral: boolean;
  /** The tables of which it names a column: "the phone number of this contact". */
  readonly partOf: ReadonlySet<string>;
}

/** Reads a question in everyday words, as far as the words of the operations go. */
export function readQuestion(index: Index, question: string, usualTable: string | undefined): Question {
  const { words: all, text, plurals } = searchWordsOf(question);
  const isTable = (word: string) => index.some((one) => namesResource(one, stemOf(word)) > 0);
  const shape = shapeOf(wordsOf(question), isTable);
  const part = columnIn(index, shape, all);
  const phrases = phrasesIn(
    index,
    [text, ...shape.implies.map((phrase) => searchWordsOf(phrase).text)].join(' | '),
    part.words,
  );
  const ofPhrases = new Set([...phrases].flatMap((phrase) => phrase.split(' ')));
  const isNaming = (word: string) => !part.words.has(word) && isTable(word);
  const words = all.filter((word) => !ofPhrases.has(word) || isNaming(word));
  const tableWords = new Set(words.filter(isNaming));
  const tables = tablesIn(index, {
    words,
    tableWords,
    plurals,
    definite: new Set([...shape.definite].map(stemOf)),
    text,
  });
  const described = new Set([...shape.described].map(stemOf));
  const { asksToRead, isCommand, movesInTime } = shape;
  const does = { asksToRead, described, tableWords };
  const isVerb = (word: string) => index.some((one) => isAskedOf(one, word, does));
  const hasPlainVerb = phrases.size > 0 || words.some((word) => !tableWords.has(word) && isVerb(word));
  const isKnown = () => words.some((word) => isVerbOfNamed(index, word, { tableWords, usualTable }));
  return {
    ...{ words, phrases, tableWords, described, asksToRead, hasPlainVerb },
    ...tables,
    rarity: new Map(words.map((word) => [word, rarityOf(index, word)])),
    hasVerb: hasPlainVerb || words.some(isVerb),
    namesAnyTable: /\b(records?|rows?|entit(y|ies)|tables?|custom|anything|everything)\b/i.test(question),
    namesOne: /\d{3}|["“”']\w/.test(question),
    impliesUpdate: phrases.size === 0 && (movesInTime || (isCommand && !isKnown())),
    partOf: part.isKey ? new Set() : part.tables,
  };
}

type Asked = Pick<Question, 'asksToRead' | 'described' | 'tableWords'>;

/** Whether a word asks for what an operation does. */
function isAskedOf(
  one: Indexed<RankedOperation>,
  word: string,
  { asksToRead, described, tableWords }: Asked,
): boolean {
  const isDescription = asksToRead || described.has(word);
  return (one.operation.readOnly || !isDescription) && isVerbOf(one, word, tableWords);
}

/** Whether an operation of the tables that are named, or of the usual one, does what a word says. */
function isVerbOfNamed(
  index: Index,
  word: string,
  {
    tableWords,
    usualTable,
  }: { readonly tableWords: ReadonlySet<string>; readonly usualTable: string | undefined },
): boolean {
  return index.some((one) => {
    const isNamed = [...tableWords].some((name) => namesResource(one, name) > 0);
    return (isNamed || one.operation.resource === usualTable) && isVerbOf(one, word, tableWords);
  });
}

function phrasesIn(index: Index, text: string, part: ReadonlySet<string>): ReadonlySet<string> {
  // "number of" is no phrase of "the phone number of this contact".
  const isCut = (phrase: string) =>
    phrase.split(' ').some((word, at, words) => part.has(word) && words[at + 1] === 'of');
  const inQuestion = (phrase: string) =>
    !isCut(phrase) && (` ${text} `.includes(` ${phrase} `) || isSeparated(phrase, text));
  return new Set(index.flatMap((one) => one.phrases.filter(inQuestion)));
}

const particles = /^(out|back|off|up|down|over|away|access|into|again)$/;

/** "take the item out" is "take out". */
function isSeparated(phrase: string, text: string): boolean {
  const [verb = '', particle = '', more] = phrase.split(' ');
  if (more !== undefined || !particles.test(particle)) return false;
  const words = text.split(' ');
  const at = words.indexOf(verb);
  const to = words.indexOf(particle, at + 1);
  return at >= 0 && to > at && to - at <= maxBetween;
}

const maxBetween = 6;

/** The tables that have the column of "the column of this row", and the words for this column. */
function columnIn(index: Index, { part, asksToRead }: QuestionShape, all: readonly string[]) {
  const none = { tables: new Set<string>(), words: new Set<string>(), isKey: false };
  if (part === undefined) return none;
  const words = new Set(part.words.filter((word) => !isPlural(word)).map(stemOf));
  const of = stemOf(part.of);
  const having = index.filter(
    (one) => namesResource(one, of) > 0 && [...words].some((word) => one.fields.has(word)),
  );
  const isOfReading =
    asksToRead ||
    index.some((one) => isColumnVerb(one) && all.some((word) => isVerbOf(one, word, none.words)));
  const tables = new Set(having.map(({ operation }) => operation.resource));
  // "the SLA status of the ticket" is about an SLA, but "the contact person of this account" about a column.
  const naming = [...words].filter((word) => index.some((one) => namesResource(one, word) > 0));
  const namesOther = naming.length > 0 && !naming.some((word) => having.some((one) => one.fields.has(word)));
  return tables.size === 0 || !isOfReading || namesOther ? none : { tables, words, isKey: part.isKey };
}

/** Columns are changed, and searched by. */
function isColumnVerb({ operation: { id, resource } }: Indexed<RankedOperation>): boolean {
  return ['update', 'search'].includes(id.slice(resource.length + 1));
}

interface NamingWords {
  readonly words: readonly string[];
  readonly tableWords: ReadonlySet<string>;
  readonly plurals: ReadonlySet<string>;
  readonly definite: ReadonlySet<string>;
  readonly text: string;
}

function tablesIn(index: Index, { words, tableWords, plurals, definite, text }: NamingWords) {
  const named = (one: Indexed<RankedOperation>, word: string) =>
    tableWords.has(word) && namesResource(one, word) > 0;
  const isGeneral = (word: string) =>
    !plurals.has(word) &&
    new Set(index.filter((one) => named(one, word)).map(({ operation }) => operation.resource)).size > 2;
  // "the support team" is about a team, and "customer feedback" about feedback.
  const all = text.split(' ');
  const isModifier = (word: string) => {
    const next = all[all.indexOf(word) + 1] ?? '';
    return (
      next !== word && tableWords.has(next) && !index.some((one) => named(one, word) && named(one, next))
    );
  };
  const firstNamed = new Map<string, number>();
  const namesSeveral = new Set<string>();
  const meansOne = new Set<string>();
  for (const one of index) {
    const at = words.findIndex((word) => named(one, word));
    const word = words[at] ?? '';
    // "customer feedback" is about feedback: a customer is an account, a contact or a lead.
    if (at >= 0)
      firstNamed.set(one.operation.resource, isGeneral(word) || isModifier(word) ? at + words.length : at);
    if (plurals.has(word)) namesSeveral.add(one.operation.resource);
    else if (definite.has(word)) meansOne.add(one.operation.resource);
  }
  const isAllGeneral = tableWords.size > 0 && [...tableWords].every(isGeneral);
  return { firstNamed, namesSeveral, meansOne, isGeneral: isAllGeneral };
}

/** Whether a word says what an operation does, and not only names a table. */
function isVerbOf(one: Indexed<RankedOperation>, word: string, tableWords: ReadonlySet<string>): boolean {
  if (!one.verb.has(word) && !one.keywords.has(word)) return false;
  if (!tableWords.has(word)) return true;
  return [...tableWords].some((other) => other !== word && namesResource(one, other) > 0);
}
