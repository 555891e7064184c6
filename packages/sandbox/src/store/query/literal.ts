import type { Literal } from 'dynamics365-connector/odata';
import { isLookup, isText, scaleOf } from '../../model/attribute.ts';
import type { Attribute } from '../../model/types.ts';
import type { SqlValue } from '../database.ts';
import { comparable } from '../decimal.ts';
import { fold } from '../fold.ts';
import { toComparable } from '../moment.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What can be compared with what. */
export type Family = 'text' | 'number' | 'boolean' | 'moment' | 'id';

export function familyOf(attribute: Attribute): Family {
  if (isLookup(attribute)) return 'id';
  switch (attribute.type) {
    case 'Uniqueidentifier':
    case 'File':
      return 'id';
    case 'Boolean':
      return 'boolean';
    case 'DateTime':
      return 'moment';
    default:
      return isText(attribute) || attribute.type === 'MultiSelectPicklist' ? 'text' : 'number';
  }
}

const literalFamilies: Readonly<Record<Literal['kind'], Family | undefined>> = {
  null: undefined,
  boolean: 'boolean',
  number: 'number',
  string: 'text',
  guid: 'id',
  date: 'moment',
  datetime: 'moment',
  enum: undefined,
};

/** The value to bind when a column is compared with a literal; undefined when the two do not go together. */
export function comparableLiteral(literal: Literal, attribute: Attribute): SqlValue | undefined {
  if (literalFamilies[literal.kind] !== familyOf(attribute)) return undefined;
  return comparableText(textOf(literal), attribute);
}

/** The same from text, as query functions and FetchXML give it; undefined when it is no such value. */
export function comparableText(text: string, attribute: Attribute): SqlValue | undefined {
  switch (familyOf(attribute)) {
    case 'text':
      return fold(text);
    case 'id': {
      const bare = text.replace(/^\{|\}$/g, '');
      return uuid.test(bare) ? bare.toLowerCase() : undefined;
    }
    case 'moment':
      return toComparable(text, attribute.dateOnly === true);
    case 'boolean':
      return { true: 1, '1': 1, false: 0, '0': 0 }[text.toLowerCase()];
    case 'number':
      return comparableNumber(text, attribute);
  }
}

function comparableNumber(text: string, attribute: Attribute): SqlValue | undefined {
  if (text.trim() === '' || Number.isNaN(Number(text))) return undefined;
  if (attribute.type === 'Double') return Number(text);
  const scaled = attribute.type === 'Decimal' || attribute.type === 'Money';
  return comparable(text, scaled ? scaleOf(attribute) : 0);
}

/** A literal without its kind: what a query function takes. */
export function textOf(literal: Literal): string {
  switch (literal.kind) {
    case 'null':
      return '';
    case 'boolean':
    case 'string':
      return `${literal.value}`;
    case 'enum':
      return literal.member;
    default:
      return literal.text;
  }
}

/** The CSDL type that Dataverse's messages name a literal by. */
export function edmTypeOfLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'boolean':
      return 'Edm.Boolean';
    case 'number':
      return /^[+-]?\d{1,9}$/.test(literal.text) ? 'Edm.Int32' : 'Edm.Decimal';
    case 'string':
      return 'Edm.String';
    case 'guid':
      return 'Edm.Guid';
    case 'date':
      return 'Edm.Date';
    case 'datetime':
      return 'Edm.DateTimeOffset';
    case 'enum':
      return literal.type;
    case 'null':
      return 'null';
  }
}
