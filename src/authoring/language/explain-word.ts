import { type ErrorCode, errorCodes } from '../../errors/error-codes.ts';
import type { SourceLocation } from '../../model/diagnostic.ts';
import type { Span } from '../../model/span.ts';
import { findPlace } from './find-place.ts';
import { grammarAt, grammarOf, keysOf } from './grammar-at.ts';
import { describeColumn, type EditedFile, inputsOf, type LanguageModel, tableOf } from './language-model.ts';

/** What a word means, and where it is defined. */
export interface WordInfo {
  readonly text: string;
  readonly span: Span;
  /** Where it is defined; undefined for words of the language. */
  readonly definition?: SourceLocation | undefined;
}

/** Explains the word at an offset: a key of the grammar, a table, a column, an input, an operation or an error code. */
export function explainWord(edited: EditedFile, offset: number, model: LanguageModel): WordInfo | undefined {
  const span = wordSpan(edited.text, offset);
  const word = edited.text.slice(span.start, span.end);
  if (word === '') return undefined;
  const place = findPlace(edited.text, span.end);
  const found =
    place.placeholder !== undefined
      ? explainInput(word, edited, model)
      : place.at === 'key'
        ? explainKey(word, { edited, model, path: place.path })
        : explainValue(word, { edited, model, path: place.path });
  return found && { ...found, span };
}

function wordSpan(text: string, offset: number): Span {
  const start = offset - lengthOfWordBefore(text, offset);
  const end = offset + (/^[\w$@.#-]*/.exec(text.slice(offset))?.[0].length ?? 0);
  return { start, end };
}

function lengthOfWordBefore(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[\w$@.#-]/.test(text.charAt(start - 1))) start--;
  return offset - start;
}

type Found = Omit<WordInfo, 'span'>;

interface Place {
  readonly edited: EditedFile;
  readonly model: LanguageModel;
  readonly path: readonly string[];
}

function explainInput(word: string, edited: EditedFile, model: LanguageModel): Found | undefined {
  const name = word.replace(/^input\./, '').split('.')[0] ?? '';
  const detail = inputsOf(edited, model).get(name);
  if (detail === undefined) return undefined;
  const at = new RegExp(`^\\s+${name}:`, 'm').exec(edited.text);
  return {
    text: `input \`${name}\`: ${detail}`,
    definition: at === null ? undefined : locate(edited, at.index + at[0].indexOf(name), name.length),
  };
}

function explainKey(word: string, { edited, model, path }: Place): Found | undefined {
  const grammar = grammarOf(edited.file);
  const name = word.replace(/:$/, '');
  const known = grammar && keysOf(grammarAt(grammar, path)).find(([key]) => key === name)?.[1];
  if (known !== undefined)
    return { text: `**${name}**: ${known.description ?? 'a key of the manifest language'}` };
  return explainColumn(name, tableOf(edited, model));
}

function explainValue(word: string, { edited, model, path }: Place): Found | undefined {
  const [tableName = '', column] = word.split('#');
  const table = model.sources.tables.find(({ name }) => name === tableName);
  if (column !== undefined) return explainColumn(column, table);
  const key = path.findLast((name) => !/^\d+$/.test(name));
  if (key === 'code') return explainCode(word);
  const operation = [...model.sources.actions, ...model.sources.triggers].find(({ id }) => id === word);
  if (operation !== undefined)
    return {
      text: `**${operation.yaml.title}**: ${operation.yaml.description}`,
      definition: operation.node.location,
    };
  if (table !== undefined && /^(request\/|watch\/table|.*\$ref)/.test(path.join('/'))) {
    const { yaml, node } = table;
    return {
      text: `table **${yaml.title}** (${yaml['x-table'].name}): ${yaml.description}`,
      definition: node.location,
    };
  }
  return explainColumn(word, tableOf(edited, model));
}

function explainColumn(word: string, table: ReturnType<typeof tableOf>): Found | undefined {
  const columns = [...(table?.columns ?? [])];
  const found = columns.find(
    ([name, { yaml }]) => name === word || [yaml['x-column'], yaml['x-lookup']?.column].includes(word),
  );
  if (found === undefined) return undefined;
  const [name, { yaml, node }] = found;
  return {
    text: `column **${name}**: ${describeColumn(yaml)}${yaml.description ? `\n\n${yaml.description}` : ''}`,
    definition: node.keyLocation,
  };
}

function explainCode(code: string): Found | undefined {
  if (!Object.hasOwn(errorCodes, code)) return undefined;
  const { meaning, advice } = errorCodes[code as ErrorCode];
  return { text: `**${code}**: ${meaning} ${advice}` };
}

function locate({ file, text }: EditedFile, start: number, length: number): SourceLocation {
  const before = text.slice(0, start).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length };
}
