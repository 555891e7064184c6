import { isGuid } from '../../model/guid.ts';
import { isValidDate, isValidDateTime } from '../../model/is-valid-date.ts';
import type { Json } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import { toWireName } from '../wire-name.ts';
import type { BodyIssue } from './body-issue.ts';
import { findChoice, listChoices, listChoicesFor } from './check-literal.ts';

/** Checks that a value has the type of its column, and that a choice exists. */
export function checkBodyValue(name: string, value: Json, column: MetadataColumn): BodyIssue | undefined {
  if (value === null) return undefined;
  const issue = findValueIssue(column, value);
  return issue && { pointer: toJsonPointer(name), severity: 'error', ...issue };
}

type ValueIssue = Pick<BodyIssue, 'code' | 'message' | 'fix' | 'repaired'>;

function findValueIssue(column: MetadataColumn, value: Json): ValueIssue | undefined {
  const { name, type, maxLength } = column;
  const issue = (what: string, right?: Json): ValueIssue => ({
    code: 'Q120',
    message: `The column ${name} must be ${what}.`,
    fix: right === undefined ? undefined : `Write ${JSON.stringify(right)}.`,
    repaired: right === undefined ? undefined : { name: toWireName(column), value: right },
  });
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return issue('text', String(value));
      return maxLength !== undefined && value.length > maxLength
        ? { code: 'Q162', message: `The text for ${name} is longer than ${maxLength} characters.` }
        : undefined;
    case 'choice':
      return findChoiceIssue(column, value);
    case 'integer':
    case 'bigint':
    case 'decimal':
      if (typeof value === 'number') return findNumberIssue(column, value);
      return issue('a number', numberWithin(value));
    case 'uuid':
      return typeof value === 'string' && isGuid(value) ? undefined : issue('an id', guidWithin(value));
    case 'date': {
      if (typeof value === 'string' && isValidDate(value)) return undefined;
      const day = typeof value === 'string' && isValidDateTime(value) ? value.slice(0, 10) : undefined;
      return issue('a date without a time', day);
    }
    case 'choices':
      return Array.isArray(value) ? issue('a text with the numbers', numbersOf(value)) : undefined;
    case 'boolean': {
      const meant =
        findChoice(column, String(value))?.value ??
        { true: 1, yes: 1, '1': 1, false: 0, no: 0, '0': 0 }[String(value).toLowerCase()];
      return typeof value === 'boolean'
        ? undefined
        : issue('true or false', meant === undefined ? undefined : meant === 1);
    }
    default:
      return typeof value === 'object' ? issue('a single value') : undefined;
  }
}

function findNumberIssue({ name, type, min, max }: MetadataColumn, value: number): ValueIssue | undefined {
  if (type !== 'decimal' && !Number.isInteger(value))
    return { code: 'Q120', message: `The column ${name} must be a whole number.` };
  const isInside = (min === undefined || value >= min) && (max === undefined || value <= max);
  if (isInside) return undefined;
  const range = [min === undefined ? '' : `at least ${min}`, max === undefined ? '' : `at most ${max}`];
  return {
    code: 'Q162',
    message: `The number for ${name} must be ${range.filter((part) => part !== '').join(' and ')}.`,
  };
}

/** The number of a text with digits; undefined if a double would round it. */
function numberWithin(value: Json): number | undefined {
  const isDigits = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
  const number = isDigits ? Number(value) : undefined;
  return number !== undefined && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

/** The id in braces, as some tools write it. */
function guidWithin(value: Json): string | undefined {
  const inner = typeof value === 'string' ? /^\{(.*)\}$/.exec(value)?.[1] : undefined;
  return inner !== undefined && isGuid(inner) ? inner : undefined;
}

/** The choices `[1, 2]` as Dataverse takes them, `"1,2"`; undefined if they are not numbers. */
function numbersOf(value: readonly Json[]): Json | undefined {
  if (value.length === 0 || !value.every((each) => Number.isInteger(each))) return undefined;
  return value.join(',');
}

function findChoiceIssue(column: MetadataColumn, value: Json): ValueIssue | undefined {
  const { name, choices = [] } = column;
  if (typeof value === 'number') {
    const known = choices.length === 0 || choices.some((choice) => choice.value === value);
    return known
      ? undefined
      : { code: 'Q122', message: `The choice ${name} has no value ${value}.`, fix: listChoices(column) };
  }
  const meant = typeof value === 'string' ? findChoice(column, value) : undefined;
  const message = `The choice ${name} must be a number.`;
  if (meant === undefined) return { code: 'Q121', message, fix: listChoicesFor(column, String(value)) };
  const fix = `Write ${meant.value}, the number of “${meant.label}”.`;
  return { code: 'Q121', message, fix, repaired: { name, value: meant.value } };
}
