import type { Json } from '../../model/json.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import { type BodyFault, pointerTo } from './body-fault.ts';
import { wireName } from './table-index.ts';
import { choiceOf } from './values.ts';

/** A value that is of another type than its column, or a choice that is not there. */
export function checkValue(name: string, value: Json, column: MetadataColumn): BodyFault | undefined {
  if (value === null) return undefined;
  const wrong = valueMisfit(column, value);
  return wrong && { pointer: pointerTo(name), severity: 'error', ...wrong };
}

type Wrong = Pick<BodyFault, 'code' | 'message' | 'fix' | 'repaired'>;

function valueMisfit(column: MetadataColumn, value: Json): Wrong | undefined {
  const { name, type, maxLength } = column;
  const wrong = (what: string, right?: Json): Wrong => ({
    code: 'Q120',
    message: `The column ${name} takes ${what}.`,
    ...(right === undefined
      ? {}
      : { fix: `Write ${JSON.stringify(right)}.`, repaired: { name: wireName(column), value: right } }),
  });
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return wrong('text', String(value));
      return maxLength !== undefined && value.length > maxLength
        ? { code: 'Q162', message: `The text for ${name} is longer than ${maxLength} characters.` }
        : undefined;
    case 'choice':
      return choiceMisfit(column, value);
    case 'integer':
    case 'bigint':
    case 'decimal': {
      const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
      return typeof value === 'number' ? undefined : wrong('a number', number);
    }
    case 'boolean': {
      const meant =
        choiceOf(column, String(value))?.value ??
        { true: 1, yes: 1, '1': 1, false: 0, no: 0, '0': 0 }[String(value).toLowerCase()];
      return typeof value === 'boolean'
        ? undefined
        : wrong('true or false', meant === undefined ? undefined : meant === 1);
    }
    default:
      return typeof value === 'object' ? wrong('one plain value') : undefined;
  }
}

function choiceMisfit(column: MetadataColumn, value: Json): Wrong | undefined {
  const { name, choices = [] } = column;
  const shown = choices.slice(0, 12).map((choice) => `${choice.value} ${choice.label}`);
  const listed = `Its values: ${shown.join(', ')}.`;
  if (typeof value === 'number') {
    const known = choices.length === 0 || choices.some((choice) => choice.value === value);
    return known
      ? undefined
      : { code: 'Q122', message: `The choice ${name} has no value ${value}.`, fix: listed };
  }
  const meant = typeof value === 'string' ? choiceOf(column, value) : undefined;
  const message = `The choice ${name} takes its number.`;
  if (meant === undefined) return { code: 'Q121', message, fix: listed };
  const fix = `Write ${meant.value}, the number of “${meant.label}”.`;
  return { code: 'Q121', message, fix, repaired: { name, value: meant.value } };
}
