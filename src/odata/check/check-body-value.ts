import type { Json } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import { toWireName } from '../wire-name.ts';
import type { BodyIssue } from './body-issue.ts';
import { findChoice, listChoices } from './check-literal.ts';

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
    case 'decimal': {
      const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
      return typeof value === 'number' ? undefined : issue('a number', number);
    }
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

function findChoiceIssue(column: MetadataColumn, value: Json): ValueIssue | undefined {
  const { name, choices = [] } = column;
  const listed = listChoices(column);
  if (typeof value === 'number') {
    const known = choices.length === 0 || choices.some((choice) => choice.value === value);
    return known
      ? undefined
      : { code: 'Q122', message: `The choice ${name} has no value ${value}.`, fix: listed };
  }
  const meant = typeof value === 'string' ? findChoice(column, value) : undefined;
  const message = `The choice ${name} must be a number.`;
  if (meant === undefined) return { code: 'Q121', message, fix: listed };
  const fix = `Write ${meant.value}, the number of “${meant.label}”.`;
  return { code: 'Q121', message, fix, repaired: { name, value: meant.value } };
}
