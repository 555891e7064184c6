import { joinWithOr } from '../../errors/join-with-or.ts';
import { suggest } from '../../errors/suggest.ts';
import { findGuid } from '../../model/guid.ts';
import { isValidDate, isValidDateTime } from '../../model/is-valid-date.ts';
import type { MetadataChoice, MetadataColumn } from '../../model/metadata.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Literal } from '../query/ast.ts';
import { quoteString } from '../quote-string.ts';
import { normalizeName } from './table-index.ts';

/** Why a literal cannot be compared with a column, and its replacement if there is one. */
export interface LiteralIssue {
  readonly severity?: 'warning';
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  readonly text?: string;
}

/** Checks that a literal can be compared with a column; undefined if it can. */
export function findLiteralIssue(column: MetadataColumn, literal: Literal): LiteralIssue | undefined {
  if (literal.kind === 'null' || literal.kind === 'enum') return undefined;
  switch (column.type) {
    case 'string':
      return literal.kind === 'string' ? undefined : textIssue(column, literal);
    case 'choice':
    case 'choices':
      return choiceIssue(column, literal);
    case 'boolean':
      return booleanIssue(column, literal);
    case 'integer':
    case 'bigint':
    case 'decimal':
      return literal.kind === 'number' ? undefined : plainIssue(column, literal, parseNumber);
    case 'uuid':
    case 'file':
    case 'lookup':
      return literal.kind === 'guid' ? undefined : plainIssue(column, literal, findGuid);
    case 'date-time':
      return literal.kind === 'date' || literal.kind === 'datetime'
        ? undefined
        : plainIssue(column, literal, parseDateTime);
    case 'date':
      return literal.kind === 'date' ? undefined : plainIssue(column, literal, parseDate);
    case 'image':
    case 'parties':
    case 'other':
      return undefined;
  }
}

/** The choice with a label, ignoring case, spaces and punctuation; undefined if there is none, or more than one. */
export function findChoice(column: MetadataColumn, label: string): MetadataChoice | undefined {
  const found = findChoices(column, label);
  return found.length === 1 ? found[0] : undefined;
}

function findChoices({ choices = [] }: MetadataColumn, label: string): readonly MetadataChoice[] {
  const exact = choices.filter((choice) => choice.label === label);
  if (exact.length > 0) return exact;
  return choices.filter((choice) => normalizeName(choice.label) === normalizeName(label));
}

/** The choices to write instead of a label that no choice has, or that several have. */
export function listChoicesFor(column: MetadataColumn, label: string): string {
  const found = findChoices(column, label);
  if (found.length < 2) return listChoices(column);
  const numbers = joinWithOr(found.map(({ value }) => String(value)));
  return `Write ${numbers}: each of them has the label “${found[0]?.label}”.`;
}

const expectedLiterals: Readonly<Record<MetadataColumn['type'], string>> = {
  string: 'text: write it in single quotes',
  uuid: 'an id: write it without quotes, like 00000000-0000-0000-0000-000000000000',
  lookup: 'a lookup: compare with the id of a row, without quotes',
  integer: 'a whole number: write it without quotes',
  bigint: 'a whole number: write it without quotes',
  decimal: 'a number: write it without quotes',
  boolean: 'true or false',
  date: 'a date: write 2026-01-31, without quotes',
  'date-time': 'a date-time: write 2026-01-31T08:00:00Z, without quotes',
  choice: 'a choice: compare with its number',
  choices: 'a list of choices: compare with numbers',
  file: 'an id: write it without quotes, like 00000000-0000-0000-0000-000000000000',
  image: 'not comparable',
  parties: 'not comparable',
  other: 'not comparable',
};

function typeIssue(column: MetadataColumn, text?: string): LiteralIssue {
  return omitUndefined({
    code: 'Q120',
    message: `The column ${column.name} is ${expectedLiterals[column.type]}.`,
    text,
    fix: text === undefined ? undefined : `Write ${text}.`,
  });
}

function textIssue(column: MetadataColumn, literal: Literal): LiteralIssue {
  return typeIssue(column, quoteString(literalText(literal)));
}

function plainIssue(
  column: MetadataColumn,
  literal: Literal,
  read: (text: string) => string | undefined,
): LiteralIssue {
  return typeIssue(column, read(literalText(literal).trim()));
}

function choiceIssue(column: MetadataColumn, literal: Literal): LiteralIssue | undefined {
  const { choices = [] } = column;
  const given = literalText(literal).trim();
  if (literal.kind === 'number') {
    if (choices.length === 0 || choices.some(({ value }) => value === Number(given))) return undefined;
    const message = `The choice ${column.name} has no value ${given}.`;
    return { severity: 'warning', code: 'Q122', message, fix: listChoices(column) };
  }
  // Only In and Between accept digits in quotes.
  const known = /^\d{1,10}$/.test(given) ? { value: Number(given), label: '' } : findChoice(column, given);
  if (known !== undefined) {
    const label = known.label === '' ? '' : `, the number of “${known.label}”`;
    const message = `The choice ${column.name} is compared with a number, not with text.`;
    return { code: 'Q121', message, text: String(known.value), fix: `Write ${known.value}${label}.` };
  }
  if (findChoices(column, given).length > 1) {
    const message = `The choice ${column.name} is compared with a number, not with text.`;
    return { code: 'Q121', message, fix: listChoicesFor(column, given) };
  }
  const [near] = suggest(
    given,
    choices.map(({ label }) => label),
    1,
  );
  const meant = near === undefined ? undefined : findChoice(column, near);
  const message = `The choice ${column.name} has no such label.`;
  if (meant === undefined) return { code: 'Q121', message, fix: listChoices(column) };
  return {
    code: 'Q121',
    message,
    text: String(meant.value),
    fix: `Write ${meant.value}, the number of “${meant.label}”.`,
  };
}

/** "Its values: 1 High, 2 Normal, 3 Low.", at most twelve of them. */
export function listChoices({ choices = [] }: MetadataColumn): string {
  const shown = choices.slice(0, 12).map(({ value, label }) => `${value} ${label}`);
  return `Its values: ${shown.join(', ')}${choices.length > 12 ? ', …' : ''}.`;
}

/** Words that people use for true and false. */
const booleanWords: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};

function booleanIssue(column: MetadataColumn, literal: Literal): LiteralIssue | undefined {
  if (literal.kind === 'boolean') return undefined;
  const given = literalText(literal).trim();
  const label = findChoice(column, given);
  const [word] = suggest(given, Object.keys(booleanWords), 1);
  const value = label === undefined ? booleanWords[word ?? ''] : label.value === 1;
  return typeIssue(column, value === undefined ? undefined : String(value));
}

/** The text of a literal, without quotes. */
function literalText(literal: Literal): string {
  switch (literal.kind) {
    case 'string':
      return literal.value;
    case 'boolean':
      return String(literal.value);
    case 'null':
      return 'null';
    case 'enum':
      return literal.member;
    default:
      return literal.text;
  }
}

function parseNumber(text: string): string | undefined {
  const plain = text.replaceAll(/[ ,](?=\d{3}\b)/g, '');
  return /^-?\d+(\.\d+)?$/.test(plain) ? plain : undefined;
}

function parseDateTime(text: string): string | undefined {
  const dateTime = text.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T');
  return [dateTime, `${dateTime}Z`].find((candidate) => isValidDateTime(candidate)) ?? parseDate(text);
}

function parseDate(text: string): string | undefined {
  const date = text.slice(0, 10);
  return isValidDate(date) ? date : undefined;
}
