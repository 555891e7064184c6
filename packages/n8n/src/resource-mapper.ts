import type { Client, Json, JsonObject, MetadataColumn, MetadataTable } from 'dynamics365-connector';
import type { NodeExecutionData, ResourceMapperField } from './n8n-types.ts';
import { readFieldValue } from './read-field-value.ts';
import { toPlainJson } from './read-input.ts';

/** The writable columns of a table as fields of a resource mapper; for a create, columns that a new row needs are required. */
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

/** An input, with the item and time zone for its mapped values. */
export interface MappedInput {
  readonly input: JsonObject;
  readonly item: NodeExecutionData;
  /** IANA name of the workflow's time zone. */
  readonly timeZone: string;
}

/**
 * Returns the input with the values of its resource mapper: the columns that were filled in, or all properties of the
 * item. An expression that returns an object is used as it is, so null clears a column.
 */
export async function readMappedValues(
  client: Client,
  { input, item, timeZone }: MappedInput,
): Promise<JsonObject> {
  const { mappingMode, value } = (input.values ?? {}) as { mappingMode?: string; value?: JsonObject };
  if (mappingMode === undefined) return input;
  const entered = mappingMode === 'autoMapInputData' ? toPlainJson(item.json) : (value ?? {});
  const table = await client.metadata.getTable(String(input.table));
  const columns = new Map(table?.columns.map((column) => [column.name, column]));
  const values = Object.entries(entered).flatMap(([name, enteredValue]): (readonly [string, Json])[] => {
    const value = readColumnValue(columns.get(name), { name, value: enteredValue, timeZone });
    return value === undefined || value === null ? [] : [[name, value]];
  });
  return { ...input, values: Object.fromEntries(values) };
}

function readColumnValue(
  column: MetadataColumn | undefined,
  entry: { readonly name: string; readonly value: Json; readonly timeZone: string },
): Json | undefined {
  switch (column?.type) {
    case 'lookup': {
      const lookup = readFieldValue({ kind: 'lookup', tables: [] }, entry);
      const [table, ...others] = column.targets ?? [];
      const hasNoTable = typeof lookup === 'object' && lookup !== null && !('table' in lookup);
      return hasNoTable && table !== undefined && others.length === 0 ? { table, ...lookup } : lookup;
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
