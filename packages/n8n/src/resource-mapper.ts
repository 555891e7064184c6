import type { Client, JsonObject, MetadataColumn } from 'dynamics365-connector';
import { isRequired, readColumnValues } from 'dynamics365-connector/host';
import type { NodeExecutionData, ResourceMapperField } from './n8n-types.ts';
import { toPlainJson } from './read-input.ts';

/** Columns as fields of a resource mapper; for a create, those that a new row needs are required. */
export function toMapperFields(
  columns: readonly MetadataColumn[],
  purpose: 'create' | 'update',
): ResourceMapperField[] {
  return columns.map((column) => ({
    id: column.name,
    displayName: column.type === 'lookup' ? `${column.title} (${lookupHint(column)})` : column.title,
    required: purpose === 'create' && isRequired(column),
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
  const values = await readColumnValues(client, String(input.table), entered, { timeZone });
  const given = Object.entries(values).filter(([, one]) => one !== null);
  return { ...input, values: Object.fromEntries(given) };
}
