import type { Literal } from 'dynamics365-connector/odata';
import { parseGuid } from '../../guid.ts';
import { decimalScale, isLookup, isText } from '../../model/attribute.ts';
import type { Attribute } from '../../model/types.ts';
import type { SqlValue } from '../database.ts';
import { toComparableDateTime } from '../date-time.ts';
import { toComparableNumber } from '../decimal.ts';
import { foldText } from '../fold-text.ts';

/** Values of the same family can be compared. */
export type ValueFamily = 'text' | 'number' | 'boolean' | 'dateTime' | 'id';

export function findValueFamily(attribute: Attribute): ValueFamily {
  if (isLookup(attribute)) return 'id';
  switch (attribute.type) {
    case 'Uniqueidentifier':
    case 'File':
      return 'id';
    case 'Boolean':
    case 'ManagedProperty':
      return 'boolean';
    case 'DateTime':
      return 'dateTime';
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
  date: 'dateTime',
  datetime: 'dateTime',
  enum: undefined,
};

/** The value to bind when a column is compared with a literal; undefined when their types do not match. */
export function toComparableLiteral(literal: Literal, attribute: Attribute): SqlValue | undefined {
  if (literalFamilies[literal.kind] !== findValueFamily(attribute)) return undefined;
  return toComparableValue(literalText(literal), attribute);
}

/** The value to bind for a text, as query functions and FetchXML give it; undefined when it does not fit the column. */
export function toComparableValue(text: string, attribute: Attribute): SqlValue | undefined {
  switch (findValueFamily(attribute)) {
    case 'text':
      return foldText(text);
    case 'id':
      return parseGuid(text.replace(/^\{|\}$/g, ''));
    case 'dateTime':
      return toComparableDateTime(text, attribute.dateOnly === true);
    case 'boolean':
      return booleanTexts.get(text.toLowerCase());
    case 'number':
      return toComparableNumeric(text, attribute);
  }
}

const booleanTexts: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['1', 1],
  ['false', 0],
  ['0', 0],
]);

function toComparableNumeric(text: string, attribute: Attribute): SqlValue | undefined {
  if (text.trim() === '' || Number.isNaN(Number(text))) return undefined;
  if (attribute.type === 'Double') return Number(text);
  const scaled = attribute.type === 'Decimal' || attribute.type === 'Money';
  return toComparableNumber(text, scaled ? decimalScale(attribute) : 0);
}

/** The text of a literal, as query functions take it. */
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

/** The CSDL type of a literal in Dataverse's error messages. */
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
