import { suggest } from '../../errors/suggest.ts';
import type { MetadataChoice, MetadataColumn } from '../../model/metadata.ts';
import { isRealDate, isRealDateTime } from '../calendar.ts';
import type { Literal } from '../query/ast.ts';
import { fold } from './table-index.ts';

/** Why a value does not fit its column, and the text to write in its place. */
export interface Misfit {
  readonly severity?: 'warning';
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  readonly text?: string;
}

/** Why a literal cannot be compared with a column; undefined when it can. */
export function misfit(column: MetadataColumn, literal: Literal): Misfit | undefined {
  if (literal.kind === 'null' || literal.kind === 'enum') return undefined;
  switch (column.type) {
    case 'string':
      return literal.kind === 'string' ? undefined : textMisfit(column, literal);
    case 'choice':
    case 'choices':
      return choiceMisfit(column, literal);
    case 'boolean':
      return booleanMisfit(column, literal);
    case 'integer':
    case 'bigint':
    case 'decimal':
      return literal.kind === 'number' ? undefined : plainMisfit(column, literal, numberIn);
    case 'uuid':
    case 'lookup':
      return literal.kind === 'guid' ? undefined : plainMisfit(column, literal, guidIn);
    case 'date-time':
      return literal.kind === 'date' || literal.kind === 'datetime'
        ? undefined
        : plainMisfit(column, literal, momentIn);
    case 'date':
      return literal.kind === 'date' ? undefined : plainMisfit(column, literal, dayIn);
    case 'other':
      return undefined;
  }
}

/** The number of a label, or undefined: `High`, `high`, `HIGH`. */
export function choiceOf({ choices = [] }: MetadataColumn, label: string): MetadataChoice | undefined {
  return (
    choices.find((choice) => choice.label === label) ??
    choices.find((choice) => fold(choice.label) === fold(label))
  );
}

/** A string literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const kinds: Readonly<Record<MetadataColumn['type'], string>> = {
  string: 'text: write it in single quotes',
  uuid: 'an id: write it without quotes, like 00000000-0000-0000-0000-000000000000',
  lookup: 'a lookup: compare with the id of a row, without quotes',
  integer: 'a whole number: write it without quotes',
  bigint: 'a whole number: write it without quotes',
  decimal: 'a number: write it without quotes',
  boolean: 'true or false',
  date: 'a day: write 2026-01-31, without quotes',
  'date-time': 'a moment: write 2026-01-31T08:00:00Z, without quotes',
  choice: 'a choice: compare with its number',
  choices: 'a list of choices: compare with numbers',
  other: 'not comparable',
};

function refuse(column: MetadataColumn, text?: string): Misfit {
  return {
    code: 'Q120',
    message: `The column ${column.name} is ${kinds[column.type]}.`,
    ...(text === undefined ? {} : { text, fix: `Write ${text}.` }),
  };
}

function textMisfit(column: MetadataColumn, literal: Literal): Misfit {
  return refuse(column, quote(written(literal)));
}

function plainMisfit(
  column: MetadataColumn,
  literal: Literal,
  read: (text: string) => string | undefined,
): Misfit {
  return refuse(column, read(written(literal).trim()));
}

function choiceMisfit(column: MetadataColumn, literal: Literal): Misfit | undefined {
  const { choices = [] } = column;
  const given = written(literal).trim();
  if (literal.kind === 'number') {
    if (choices.length === 0 || choices.some(({ value }) => value === Number(given))) return undefined;
    const message = `The choice ${column.name} has no value ${given}.`;
    return { severity: 'warning', code: 'Q122', message, fix: listed(column) };
  }
  // Digits in quotes are read as a number by Dataverse's In and Between, nowhere else.
  const known = /^\d{1,10}$/.test(given) ? { value: Number(given), label: '' } : choiceOf(column, given);
  if (known !== undefined) {
    const label = known.label === '' ? '' : `, the number of “${known.label}”`;
    const message = `The choice ${column.name} is compared with its number, not with text.`;
    return { code: 'Q121', message, text: String(known.value), fix: `Write ${known.value}${label}.` };
  }
  const [near] = suggest(
    given,
    choices.map(({ label }) => label),
    1,
  );
  const meant = near === undefined ? undefined : choiceOf(column, near);
  const message = `The choice ${column.name} has no label like this.`;
  if (meant === undefined) return { code: 'Q121', message, fix: listed(column) };
  return {
    code: 'Q121',
    message,
    text: String(meant.value),
    fix: `Write ${meant.value}, the number of “${meant.label}”.`,
  };
}

/** "Its values: 1 High, 2 Normal, 3 Low." */
function listed({ choices = [] }: MetadataColumn): string {
  const shown = choices.slice(0, 12).map(({ value, label }) => `${value} ${label}`);
  return `Its values: ${shown.join(', ')}${choices.length > 12 ? ', …' : ''}.`;
}

/** What people write for true and false. */
const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};

function booleanMisfit(column: MetadataColumn, literal: Literal): Misfit | undefined {
  if (literal.kind === 'boolean') return undefined;
  const given = written(literal).trim();
  const label = choiceOf(column, given);
  const [word] = suggest(given, Object.keys(truths), 1);
  const value = label === undefined ? truths[word ?? ''] : label.value === 1;
  return refuse(column, value === undefined ? undefined : String(value));
}

/** What a literal says, without its quotes. */
function written(literal: Literal): string {
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

function numberIn(text: string): string | undefined {
  const plain = text.replaceAll(/[ ,](?=\d{3}\b)/g, '');
  return /^-?\d+(\.\d+)?$/.test(plain) ? plain : undefined;
}

function guidIn(text: string): string | undefined {
  return /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(text)?.[0].toLowerCase();
}

function momentIn(text: string): string | undefined {
  const moment = text.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T');
  return [moment, `${moment}Z`].find((one) => isRealDateTime(one)) ?? dayIn(text);
}

function dayIn(text: string): string | undefined {
  const day = text.slice(0, 10);
  return isRealDate(day) ? day : undefined;
}
