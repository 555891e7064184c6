import type {
  ActionDefinition,
  Client,
  Json,
  JsonObject,
  MetadataColumn,
  MetadataTable,
} from 'dynamics365-connector';
import type { NodeExecutionData, ResourceMapperField } from './n8n-types.ts';
import { readFieldValue } from './read-field-value.ts';
import { toPlainJson } from './read-input.ts';

/** The columns of a table as fields of a resource mapper; `needed`: those that a new row must have are marked. */
export function toMapperFields(
  { columns, key }: MetadataTable,
  purpose: 'create' | 'update',
): ResourceMapperField[] {
  return columns
    .filter(({ name, type }) => type !== 'other' && name !== key)
    .filter((column) => (purpose === 'create' ? column.creatable : column.updatable) !== false)
    .map((column) => ({
      id: column.name,
      displayName: column.type === 'lookup' ? `${column.title} (${lookupHint(column)})` : column.title,
      required: purpose === 'create' && column.requiredLevel === 'required',
      defaultMatch: false,
      display: true,
      ...mapperFieldType(column),
    }));
}

function lookupHint({ targets = [] }: MetadataColumn): string {
  return targets.length === 1 ? 'ID' : targets.map((target) => `${target}/ID`).join(' or ');
}

function mapperFieldType({
  type,
  choices = [],
}: MetadataColumn): Pick<ResourceMapperField, 'type' | 'options'> {
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
export async function readMappedValues(
  client: Client,
  details: { action: ActionDefinition; input: JsonObject; item: NodeExecutionData; timeZone: string },
): Promise<JsonObject> {
  const { input, item, timeZone } = details;
  const { mappingMode, value } = (input.values ?? {}) as { mappingMode?: string; value?: JsonObject };
  if (mappingMode === undefined) return input;
  const entered = mappingMode === 'autoMapInputData' ? toPlainJson(item.json) : (value ?? {});
  const table = await client.metadata.getTable(String(input.table));
  const columns = new Map(table?.columns.map((column) => [column.name, column]));
  const values = Object.entries(entered).flatMap(([name, one]): (readonly [string, Json])[] => {
    const read = readColumnValue(columns.get(name), { name, value: one, timeZone });
    return read === undefined || read === null ? [] : [[name, read]];
  });
  return { ...input, values: Object.fromEntries(values) };
}

function readColumnValue(
  column: MetadataColumn | undefined,
  entry: { readonly name: string; readonly value: Json; readonly timeZone: string },
): Json | undefined {
  switch (column?.type) {
    case 'lookup': {
      const link = readFieldValue({ kind: 'lookup', tables: [] }, entry);
      const [only, ...others] = column.targets ?? [];
      const isBare = typeof link === 'object' && link !== null && !('table' in link);
      return isBare && only !== undefined && others.length === 0 ? { table: only, ...link } : link;
    }
    case 'date-time':
      return readFieldValue({ kind: 'date-time' }, entry);
    case 'date':
      return readFieldValue({ kind: 'date' }, entry);
    case 'string':
      return entry.value;
    default:
      return entry.value === '' ? undefined : entry.value;
  }
}
