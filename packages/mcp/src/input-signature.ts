import type { FieldView } from 'dynamics365-connector/host';

/** Names of kinds that say more than the type. */
const kindTexts: Readonly<Record<string, string>> = {
  'long-text': 'text',
  row: 'id',
  file: 'base64',
  texts: 'text[]',
  people: 'people[]',
  values: 'object',
  json: 'json',
};

const maxListedValues = 12;

/**
 * One input on one line, as short as a model can read it: `priority?: high|normal|low`. A required one has no question
 * mark.
 *
 * @example inputSignature(subject) // 'subject: text (How the case was resolved.)'
 */
export function inputSignature({ name, kind, required, pickList, schema, description }: FieldView): string {
  const type = typeText({ kind, pickList, schema });
  const note = required && description !== undefined ? ` (${description})` : '';
  return `${name}${required ? '' : '?'}: ${type}${note}`;
}

function typeText({ kind, pickList, schema }: Pick<FieldView, 'kind' | 'pickList' | 'schema'>): string {
  const values = listedValues(schema);
  if (values !== undefined && values.length <= maxListedValues) return values.join('|');
  if (kind === 'lookup' || kind === 'lookups') {
    const tables = rowTablesOf(pickList);
    const row = tables.length === 1 ? `${tables[0]} id` : `{table: ${tables.join('|') || 'name'}, id}`;
    return kind === 'lookups' ? `(${row})[]` : row;
  }
  return kindTexts[kind] ?? kind;
}

/** The tables of a lookup that are known without the values of other fields. */
export function rowTablesOf(pickList: FieldView['pickList']): readonly string[] {
  return pickList?.from === 'rows' ? pickList.tables.filter((table) => typeof table === 'string') : [];
}

function listedValues(schema: FieldView['schema']): readonly string[] | undefined {
  const { enum: own, items, anyOf } = schema as ListedSchema;
  const values = own ?? items?.enum ?? anyOf?.flatMap((branch) => branch.enum ?? []);
  return values === undefined || values.length === 0 ? undefined : values.map(String);
}

interface ListedSchema {
  readonly enum?: readonly unknown[];
  readonly items?: { readonly enum?: readonly unknown[] };
  readonly anyOf?: readonly { readonly enum?: readonly unknown[] }[];
}
