import type {
  ActionDefinition,
  Client,
  Json,
  JsonObject,
  MetadataColumn,
  MetadataTable,
} from 'dynamics365-connector';
import type { Item, MappedField } from './n8n.ts';
import { readField } from './read-field.ts';
import { toJson } from './read-input.ts';

/** The columns of a table as fields of a resource mapper; `needed`: those that a new row must have are marked. */
export function mappedFields({ columns, key }: MetadataTable, purpose: 'create' | 'update'): MappedField[] {
  return columns
    .filter(({ name, type }) => type !== 'other' && name !== key)
    .filter((column) => (purpose === 'create' ? column.creatable : column.updatable) !== false)
    .map((column) => ({
      id: column.name,
      displayName: column.type === 'lookup' ? `${column.title} (${linkHint(column)})` : column.title,
      required: purpose === 'create' && column.required === 'required',
      defaultMatch: false,
      display: true,
      ...lookOf(column),
    }));
}

function linkHint({ targets = [] }: MetadataColumn): string {
  return targets.length === 1 ? 'ID' : targets.map((target) => `${target}/ID`).join(' or ');
}

function lookOf({ type, choices = [] }: MetadataColumn): Pick<MappedField, 'type' | 'options'> {
  switch (type) {
    case 'integer':
    case 'decimal':
      return { type: 'number' };
    case 'boolean':
      return { type: 'boolean' };
    case 'date':
    case 'date-time':
      return { type: 'dateTime' };
    case 'choice':
      return { type: 'options', options: choices.map(({ label, value }) => ({ name: label, value })) };
    case 'choices':
      return { type: 'array' };
    default:
      return { type: 'string' };
  }
}

/**
 * The input with what a resource mapper holds under `values`: columns that were filled in, or all of the item that
 * came. An expression that brings an object is taken as it is, so that null empties a column.
 */
export async function readMapped(
  client: Client,
  about: { action: ActionDefinition; input: JsonObject; item: Item; timeZone: string },
): Promise<JsonObject> {
  const { input, item, timeZone } = about;
  const { mappingMode, value } = (input.values ?? {}) as { mappingMode?: string; value?: JsonObject };
  if (mappingMode === undefined) return input;
  const entered = mappingMode === 'autoMapInputData' ? toJson(item.json) : (value ?? {});
  const table = await client.metadata.table(String(input.table));
  const columns = new Map(table?.columns.map((column) => [column.name, column]));
  const values = Object.entries(entered).flatMap(([name, one]): (readonly [string, Json])[] => {
    const read = readColumn(columns.get(name), { name, value: one, timeZone });
    return read === undefined || read === null ? [] : [[name, read]];
  });
  return { ...input, values: Object.fromEntries(values) };
}

function readColumn(
  column: MetadataColumn | undefined,
  entry: { readonly name: string; readonly value: Json; readonly timeZone: string },
): Json | undefined {
  switch (column?.type) {
    case 'lookup': {
      const link = readField({ kind: 'link', tables: [] }, entry);
      const [only, ...others] = column.targets ?? [];
      const isBare = typeof link === 'object' && link !== null && !('table' in link);
      return isBare && only !== undefined && others.length === 0 ? { table: only, ...link } : link;
    }
    case 'date-time':
      return readField({ kind: 'moment' }, entry);
    case 'date':
      return readField({ kind: 'day' }, entry);
    case 'string':
      return entry.value;
    default:
      return entry.value === '' ? undefined : entry.value;
  }
}
