import { isPlural } from './search-words.ts';

/** What the grammar of a question says beside its words. */
export interface QuestionShape {
  /** It asks for an answer ("who resolved this case"), and for no change. */
  readonly asksToRead: boolean;
  /** The words that describe rows and are nothing to do: "resolved" of "resolved cases". Not in their stems. */
  readonly described: ReadonlySet<string>;
  /** Its first word stands as a verb does: "postpone a task". */
  readonly isCommand: boolean;
  /** What may be columns of a row: "phone", "number" of "the phone number of this contact", and "contact". Not in their stems. */
  readonly part: RowPart | undefined;
  /** What it says in other words: "who did" for "who resolved this case", "group by" for "tickets by channel". */
  readonly implies: readonly string[];
  /** The words after "this", "the" and the like: they stand for one row, or for the rows of a plural. */
  readonly definite: ReadonlySet<string>;
  /** It moves something to another time: "the meeting to next Monday". */
  readonly movesInTime: boolean;
}

export interface RowPart {
  readonly words: readonly string[];
  readonly of: string;
  /** The row is found by it: "by phone number". */
  readonly isKey: boolean;
}

const determiners = new Set(
  'a an the this that these those my our his her their its all any some'.split(' '),
);

/** "how do I close a case" wants to close it. */
const asksHow = /^(how (do|to|can|could|should|would)|(can|could|would|will|should|may) (you|i|we)|do) /;

const reads =
  /^(who|whose|whom|why|when|where|what|which|how|is|are|was|were|did|does|has|any|show|list|get|fetch|retrieve|open (the|this|that|my)(?!.* again)|see|view|tell me|give me (a|an|the)? ?(list|overview|number|count)) /;

const courtesies =
  /^(please|kindly|now|then|and|i|we|you|want|wants|need|needs|would|like|to|must|should|can|could|let|me|us|lets|help|have|be)$/;

const irregular = new Set('won lost sent made written done paid taken overdue'.split(' '));

/** "to next Monday" */
const times =
  /\b(to|until|till) (the )?(next )?(week|month|year|quarter|today|tomorrow|tonight|noon|(mon|tues|wednes|thurs|fri|satur|sun)day|evening|morning|afternoon)\b/;

const isParticiple = (word: string) => irregular.has(word) || (/..ed$/.test(word) && !/eed$/.test(word));

/** After these words a participle says what to do: "mark as resolved", "set it to closed". */
const results = new Set(['as', 'to', 'mark', 'marked', 'set', 'be', 'get', 'back']);

/**
 * Reads the shape of a question from its words in lower case.
 *
 * @param isTable Whether a word names a table.
 */
export function shapeOf(words: readonly string[], isTable: (word: string) => boolean): QuestionShape {
  const text = `${words.join(' ')} `;
  const namesRows = startsWithRows(words, isTable);
  const asksToRead = !asksHow.test(text) && (namesRows || reads.test(text));
  return {
    asksToRead,
    described: describedIn(words, isTable, asksToRead),
    isCommand: !asksToRead && isCommand(words, isTable),
    part: partOf(words, isTable) ?? partBy(words, isTable) ?? partAfter(words, isTable),
    implies: impliedBy(words, namesRows),
    definite: new Set(words.filter((_, at) => definites.has(words[at - 1] ?? ''))),
    movesInTime: !asksToRead && times.test(text),
  };
}

/** "cases without owner", "urgent tickets", "new high priority cases" */
function startsWithRows(words: readonly string[], isTable: (word: string) => boolean): boolean {
  const at = words.findIndex((word) => !adjectives.has(word));
  const [rows = '', next = ''] = words.slice(Math.max(at, 0));
  return isTable(rows) && isPlural(rows) && !determiners.has(next);
}

function impliedBy(words: readonly string[], namesRows: boolean): readonly string[] {
  const [first, second = ''] = words;
  return [
    ...(first === 'who' && isParticiple(second) ? ['who did'] : []),
    ...(namesRows && /^(by|per)$/.test(words.at(-2) ?? '') ? ['group by'] : []),
  ];
}

const definites = new Set('the this that my our your'.split(' '));

const adjectives = new Set(
  'all my our open new urgent late overdue old recent latest last oldest newest unread incoming outgoing pending active inactive high low normal priority today yesterday'.split(
    ' ',
  ),
);

function describedIn(
  words: readonly string[],
  isTable: (word: string) => boolean,
  asksToRead: boolean,
): ReadonlySet<string> {
  const described = words.filter((word, at) => {
    if (!isParticiple(word) || results.has(words[at - 1] ?? '')) return false;
    const [before = '', after = ''] = [words[at - 1], words[at + 1]];
    // "resolved cases", "cases resolved", "a resolved case"; but "won deal" may be one that was won just now.
    const isAdjective = determiners.has(before) && isTable(after);
    return isAdjective || [before, after].some((other) => isTable(other) && (asksToRead || isPlural(other)));
  });
  return new Set(described);
}

function isCommand(words: readonly string[], isTable: (word: string) => boolean): boolean {
  const at = words.findIndex((word) => !courtesies.test(word));
  const [word = '', next = ''] = words.slice(at);
  if (at < 0 || word === 'open' || isTable(word) || determiners.has(word) || isParticiple(word)) return false;
  const rest = words.slice(at + 1);
  const isFollowed = determiners.has(next) || isTable(next) || next === 'it';
  const isComplete = determiners.has(next) || rest.some((one, index) => index > 0 && complements.has(one));
  return isFollowed && isComplete;
}

const complements = new Set('to on as off into until till by for from at up down back out'.split(' '));

function partOf(words: readonly string[], isTable: (word: string) => boolean): QuestionShape['part'] {
  const at = words.findIndex(
    (word, index) => word === 'of' && index > 0 && determiners.has(words[index + 1] ?? ''),
  );
  const of = words.slice(at + 2).find(isTable);
  if (at < 0 || of === undefined) return undefined;
  const before = words.slice(0, at);
  const start = before.findLastIndex((word) => determiners.has(word));
  return { words: before.slice(start < 0 ? 1 : start + 1), of, isKey: false };
}

/** "a customer by phone": a column of the customer, and no call. */
function partBy(words: readonly string[], isTable: (word: string) => boolean): QuestionShape['part'] {
  const at = words.lastIndexOf('by');
  const of = words.slice(0, Math.max(at, 0)).findLast(isTable);
  return of === undefined ? undefined : { words: words.slice(at + 1), of, isKey: true };
}

/** "customer phone number", "the customer's phone number" */
function partAfter(words: readonly string[], isTable: (word: string) => boolean): QuestionShape['part'] {
  const at = words.findIndex((word, index) => isTable(word) && !isPlural(word) && index < words.length - 1);
  const rest = words.slice(at + 1);
  const end = rest.findIndex((word) => complements.has(word) || determiners.has(word));
  const part = end < 0 ? rest : rest.slice(0, end);
  const of = words[at];
  return at < 0 || of === undefined || part.length === 0 ? undefined : { words: part, of, isKey: false };
}
