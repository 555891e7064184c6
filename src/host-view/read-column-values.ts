import type { Client } from '../client/client.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { MetadataColumn } from '../model/metadata.ts';
import { type FormContext, readFormValue } from './read-form-value.ts';

/**
 * Converts the values of a form by the types that their columns have in the organization: the form of a column that it does
 * not know is text. Empty texts are left out, except for text columns.
 *
 * @param table The logical name of the table.
 * @example await readColumnValues(client, 'incident', { severitycode: '1' }) // { severitycode: 1 }
 */
export async function readColumnValues(
  client: Client,
  table: string,
  entered: JsonObject,
  context: FormContext = {},
): Promise<JsonObject> {
  const { columns = [] } = (await client.metadata.getTable(table)) ?? {};
  const byName = new Map(columns.map((column) => [column.name, column]));
  const values = Object.entries(entered).flatMap(([name, value]): (readonly [string, Json])[] => {
    const column = byName.get(name);
    if (value === '' && column?.type !== 'string') return [];
    return [[name, readColumnValue(column, { name, value }, context)]];
  });
  return Object.fromEntries(values);
}

function readColumnValue(
  column: MetadataColumn | undefined,
  { name, value }: { readonly name: string; readonly value: Json },
  context: FormContext,
): Json {
  const read = (kind: Parameters<typeof readFormValue>[0]['kind']) =>
    readFormValue({ name, kind }, value, context) as Json;
  switch (column?.type) {
    case 'lookup': {
      const lookup = read('lookup');
      const [table, ...others] = column.targets ?? [];
      const hasNoTable = typeof lookup === 'object' && lookup !== null && !('table' in lookup);
      return hasNoTable && table !== undefined && others.length === 0 ? { table, ...lookup } : lookup;
    }
    case 'integer':
    case 'choice':
      return read('number');
    case 'choices':
    case 'boolean':
    case 'date-time':
    case 'date':
      return read(column.type);
    case 'parties':
      return read('people');
    default:
      return value;
  }
}
