import type { Client, Connector, JsonObject, JsonSchema } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import type { FindInputSchema } from './read-input.ts';

/** The inputs of `record.*` whose members are columns of the table that the input names. */
const columnInputs = ['values', 'key'];
const customColumns = 'customColumns';

/**
 * Finds the schema of the input of an action or trigger. Columns that only the organization knows, in `values` and `key`
 * (`record.*`) and in `customColumns`, have its types, if there is a client to ask it with.
 */
export function inputSchemaOf(connector: Connector, id: string, client?: Client): FindInputSchema {
  const { actions, triggers, tables } = runtimeOf(connector).definition;
  // One entry is read, not all of them: a built definition parses an operation when it is used.
  const operation = [actions, triggers].find((operations) => Object.hasOwn(operations, id))?.[id];
  return async (input) => {
    if (operation === undefined || client === undefined) return operation?.input;
    const own = tables[id.slice(0, id.lastIndexOf('.'))];
    const names = columnInputs.filter((name) => setsMember(input, name));
    if (typeof input.table === 'string' && names.length > 0)
      return await addOrganizationTypes(operation.input, names, { table: input.table, client });
    if (own === undefined || !setsMember(input, customColumns)) return operation.input;
    return await addOrganizationTypes(operation.input, [customColumns], { table: own.name, client });
  };
}

/** Whether `--set` sets a member of an input: `values.name`. */
function setsMember(input: JsonObject, name: string): boolean {
  return Object.keys(input).some((path) => path.startsWith(`${name}.`));
}

async function addOrganizationTypes(
  schema: JsonSchema,
  names: readonly string[],
  { table, client }: { readonly table: string; readonly client: Client },
): Promise<JsonSchema> {
  const columns = await client.tableSchema(table);
  if (columns === undefined) return schema;
  const typed = Object.fromEntries(names.map((name) => [name, columns]));
  return { ...schema, properties: { ...(schema.properties as object), ...typed } };
}
