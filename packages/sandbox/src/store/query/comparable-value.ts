import type { Literal } from 'dynamics365-connector/odata';
import { decimalScale, isLookup, isText } from '../../model/attribute.ts';
import type { Attribute } from '../../model/types.ts';
import type { SqlValue } from '../database.ts';
import { toComparableDateTime } from '../date-time.ts';
import { toComparableNumber } from '../decimal.ts';
import { foldText } from '../fold-text.ts';

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What can be compared with what. */
export type ValueFamily = 'text' | 'number' | 'boolean' | 'moment' | 'id';

export function findValueFamily(attribute: Attribute): ValueFamily {
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

const literalFamilies: Readonly<Record<Literal['kind'], ValueFamily | undefined>> = {
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
export function toComparableLiteral(literal: Literal, attribute: Attribute): SqlValue | undefined {
  if (literalFamilies[literal.kind] !== findValueFamily(attribute)) return undefined;
  return toComparableValue(literalText(literal), attribute);
}

/** The same from text, as query functions and FetchXML give it; undefined when it is no such value. */
export function toComparableValue(text: string, attribute: Attribute): SqlValue | undefined {
  switch (findValueFamily(attribute)) {
    case 'text':
      return foldText(text);
    case 'id': {
      const bare = text.replace(/^\{|\}$/g, '');
      return guidPattern.test(bare) ? bare.toLowerCase() : undefined;
    }
    case 'moment':
      return toComparableDateTime(text, attribute.dateOnly === true);
    case 'boolean':
      return { true: 1, '1': 1, false: 0, '0': 0 }[text.toLowerCase()];
    case 'number':
      return toComparableNumeric(text, attribute);
  }
}

function toComparableNumeric(text: string, attribute: Attribute): SqlValue | undefined {
  if (text.trim() === '' || Number.isNaN(Number(text))) return undefined;
  if (attribute.type === 'Double') return Number(text);
  const scaled = attribute.type === 'Decimal' || attribute.type === 'Money';
  return toComparableNumber(text, scaled ? decimalScale(attribute) : 0);
}

/** A literal without its kind: what a query function takes. */
export function literalText(literal: Literal): string {
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
