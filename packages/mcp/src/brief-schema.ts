import type { JsonSchema } from 'dynamics365-connector';
import type { FieldView, OperationView } from 'dynamics365-connector/host';
import { rowTablesOf } from './input-signature.ts';

/** Optional inputs that a model needs in most conversations, besides the main columns of the row. */
const usualInputs = [
  'columns',
  'search',
  'filter',
  'description',
  'status',
  'to',
  'groupBy',
  'createdSince',
  'escalated',
  'contact',
];

/** Main columns that are rarely given: a model that needs them finds them with `find_actions`. */
const rareInputs = ['createdOn', 'modifiedOn', 'respondBy', 'resolveBy', 'orderBy', 'direction'];

const maxListedValues = 8;

/**
 * The schema of a default tool: its required inputs and the usual ones, each as short as a model can read it. Every valid
 * input stays valid, because no property is forbidden and each is allowed at least what the full schema allows.
 */
export function briefSchema({ fields, answer }: Pick<OperationView, 'fields' | 'answer'>): JsonSchema {
  const shown = fields.filter((field) => field.required || isUsual(field, answer.mainColumns));
  const required = shown.filter((field) => field.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(shown.map((field) => [field.name, briefProperty(field)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

function isUsual({ name }: FieldView, mainColumns: readonly string[]): boolean {
  if (rareInputs.includes(name)) return false;
  return (
    usualInputs.includes(name) ||
    name === 'limit' ||
    mainColumns.includes(name) ||
    /^(customer|owner)Id$/.test(name)
  );
}

function briefProperty({ name, kind, required, pickList, schema }: FieldView): JsonSchema {
  if (kind === 'lookup') return lookupProperty(pickList);
  const values = listedValues(schema);
  if (values !== undefined && values.length <= maxListedValues && name !== 'columns')
    return kind === 'choice' ? { description: values.join('|') } : { type: 'string', enum: values };
  if (name === 'filter') return { type: 'string', description: 'OData' };
  if (name === 'body') return { type: 'string', description: 'HTML' };
  if (required && name === 'table') return { type: 'string', description: 'case, account ...' };
  return schema.type === undefined ? {} : { type: schema.type };
}

/** The type of a lookup is left open: an output that a model copies is accepted too. */
function lookupProperty(pickList: FieldView['pickList']): JsonSchema {
  const tables = rowTablesOf(pickList);
  return { description: tables.length === 1 ? 'id' : `{table: ${tables.join('|')}, id}` };
}

function listedValues(schema: JsonSchema): readonly unknown[] | undefined {
  const { enum: own, anyOf } = schema as ListedSchema;
  return own ?? anyOf?.find((branch) => branch.enum !== undefined)?.enum;
}

interface ListedSchema {
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly { readonly enum?: readonly unknown[] }[];
}
