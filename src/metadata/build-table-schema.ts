import { base64Pattern } from '../model/base64-pattern.ts';
import type { JsonSchema } from '../model/json.ts';
import type { MetadataColumn, MetadataTable } from '../model/metadata.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { toChoiceNumbers } from './choice-numbers.ts';
import { lookupTargetsOf } from './lookup-targets.ts';
import { partyRoles } from './party-roles.ts';

/** The operation that a form or tool is for. */
export type SchemaPurpose = 'create' | 'update';

/**
 * Builds the JSON Schema of a table's rows in this organization, with Dataverse's names: custom columns, choices with
 * their labels, required columns, and the tables of lookups (`x-lookup`). Only writable columns are included. It
 * describes what `encodeRecord` accepts, so a value that is valid here is not refused there.
 */
export function buildTableSchema(table: MetadataTable, purpose: SchemaPurpose): JsonSchema {
  const writable = table.columns.filter(
    (column) =>
      isWritable(column, table, purpose) &&
      (column.type !== 'lookup' || lookupTargetsOf(table, column.name).length > 0),
  );
  const required = purpose === 'create' ? writable.filter(isRequired) : [];
  return omitUndefined({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: table.title,
    type: 'object',
    required: required.length > 0 ? required.map(({ name }) => name) : undefined,
    properties: Object.fromEntries(writable.map((column) => [column.name, columnSchema(column, table)])),
  });
}

/** Whether a new row needs a value from the caller. */
export function isRequired({ requiredLevel, creatable, hasDefault }: MetadataColumn): boolean {
  return requiredLevel === 'required' && creatable !== false && hasDefault !== true;
}

/** Whether a form for this purpose has the column. A file is uploaded; the people of an activity are set once. */
export function isWritable(
  { name, type, creatable, updatable }: MetadataColumn,
  { key }: Pick<MetadataTable, 'key'>,
  purpose: SchemaPurpose,
): boolean {
  if (type === 'other' || type === 'file') return false;
  if (type === 'parties' && (purpose === 'update' || !Object.hasOwn(partyRoles, name))) return false;
  return purpose === 'create' ? creatable !== false : updatable !== false && name !== key;
}

function columnSchema(column: MetadataColumn, table: MetadataTable): JsonSchema {
  const { title, name, requiredLevel } = column;
  return omitUndefined({
    title: title === name ? undefined : title,
    'x-recommended': requiredLevel === 'recommended' ? true : undefined,
    ...valueSchema(column, table),
  });
}

const uuid = { type: 'string', format: 'uuid' };
const nothing = { type: 'null' };

function valueSchema(column: MetadataColumn, table: MetadataTable): JsonSchema {
  const { type, maxLength, min, max } = column;
  const range = omitUndefined({ minimum: min, maximum: max });
  switch (type) {
    case 'choice':
      return { anyOf: [...choiceForms(column), nothing] };
    case 'choices':
      return { type: ['array', 'null'], items: { anyOf: choiceForms(column) } };
    case 'lookup':
      return lookupSchema(column, table);
    case 'parties':
      return partiesSchema;
    case 'uuid':
    case 'date':
      return { type: ['string', 'null'], format: type };
    case 'date-time':
      return column.timeZoneIndependent === true
        ? { type: ['string', 'null'], pattern: localDateTime, examples: ['2026-12-31T23:59:59'] }
        : { type: ['string', 'null'], format: type };
    case 'decimal':
      return { type: ['number', 'string', 'null'], pattern: '^-?[0-9]{1,40}(\\.[0-9]{1,40})?$', ...range };
    case 'integer':
      return { type: ['integer', 'null'], minimum: min ?? -2147483648, maximum: max ?? 2147483647 };
    case 'bigint':
      return { type: ['string', 'null'], pattern: int64 };
    case 'boolean':
      return { type: ['boolean', 'null'] };
    case 'image':
      return { type: ['string', 'null'], contentEncoding: 'base64', pattern: base64Pattern };
    default:
      return omitUndefined({ type: ['string', 'null'], maxLength });
  }
}

/** A date-time without a zone, on a day that exists. JSON Schema has no format for it. */
const localDateTime = [
  '^(',
  '[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])',
  '|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)',
  '|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])',
  '|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29',
  ')T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,7})?Z?$',
].join('');
/** The numbers of 19 digits up to a bound: those that differ from it first by a smaller digit, and the bound itself. */
function upTo(bound: string): string {
  const smaller = [...bound].map((digit, at) => {
    const rest = bound.length - at - 1;
    return digit === '0' ? [] : [`${bound.slice(0, at)}[0-${Number(digit) - 1}][0-9]{${rest}}`];
  });
  return [...smaller.flat(), bound].join('|');
}

const int64 = `^(-?[0-9]{1,18}|${upTo('9223372036854775807')}|-(${upTo('9223372036854775808')}))$`;

/** A choice as its number, as its label where no other choice has the same, or as rows have it. */
function choiceForms({ choices = [] }: MetadataColumn): readonly JsonSchema[] {
  if (choices.length === 0) return [{ type: 'integer' }, choiceObject({ type: 'integer' })];
  const labels = Object.entries(toChoiceNumbers(choices)).flatMap(([text, number]) =>
    typeof number === 'number' ? [text] : [],
  );
  return [
    { oneOf: choices.map(({ value, label }) => ({ const: value, title: label })) },
    ...(labels.length === 0 ? [] : [{ enum: labels }]),
    choiceObject({ enum: choices.map(({ value }) => value) }),
  ];
}

function choiceObject(value: JsonSchema): JsonSchema {
  return { type: 'object', required: ['value'], properties: { value } };
}

/** A row as `{ table, id }` or `{ table, key }`; its id alone if there is one table. */
function lookupSchema({ name }: MetadataColumn, table: MetadataTable): JsonSchema {
  const targets = lookupTargetsOf(table, name);
  const names = [...new Set(targets.map((target) => target.table))];
  const isSingle = names.length === 1;
  return omitUndefined({
    type: isSingle ? ['object', 'string', 'null'] : ['object', 'null'],
    format: isSingle ? 'uuid' : undefined,
    required: isSingle ? undefined : ['table'],
    properties: { table: { enum: names }, id: uuid, key: { type: 'object' } },
    anyOf: [{ required: ['id'] }, { required: ['key'] }],
    'x-lookup': Object.fromEntries(targets.map((target) => [target.table, target.navigation])),
  });
}

const partiesSchema: JsonSchema = {
  type: ['array', 'null'],
  items: {
    type: 'object',
    properties: {
      table: { type: 'string', examples: ['contact', 'systemuser'] },
      id: uuid,
      address: { type: 'string', format: 'email' },
    },
    dependencies: { table: ['id'], id: ['table'] },
    anyOf: [{ required: ['id'] }, { required: ['address'] }],
  },
};
