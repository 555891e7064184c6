import type { ActionDefinition, Client, ConnectorDefinition, JsonSchema } from 'dynamics365-connector';
import type { DocumentScope } from './document-scope.ts';

const inputName = 'customColumns';

interface ObjectSchema extends JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** The table of an action whose input takes columns of the organization by name and value. */
function customTableOf({ id, input }: ActionDefinition): string | undefined {
  const { properties } = input as ObjectSchema;
  return properties?.[inputName]?.type === 'object' ? id.slice(0, id.lastIndexOf('.')) : undefined;
}

/**
 * Reads the columns that the organization has besides our table files, for the tables of these actions. A table that the
 * user cannot read is left out.
 */
export async function readCustomColumns(
  client: Client,
  { tables }: Pick<ConnectorDefinition, 'tables'>,
  actions: readonly ActionDefinition[],
): Promise<ReadonlyMap<string, JsonSchema>> {
  const names = [...new Set(actions.map(customTableOf))].filter((name) => name !== undefined);
  const readOwn = async (
    name: string,
  ): Promise<readonly (readonly [table: string, columns: JsonSchema])[]> => {
    const table = tables[name];
    if (table === undefined) return [];
    const schema = (await client.tableSchema(name, 'update').catch(() => undefined)) as
      | ObjectSchema
      | undefined;
    const known = new Set(table.columns.map(({ logicalName }) => logicalName));
    const own = Object.entries(schema?.properties ?? {}).filter(([column]) => !known.has(column));
    if (own.length === 0) return [];
    return [[name, { type: 'object', additionalProperties: true, properties: Object.fromEntries(own) }]];
  };
  return new Map((await Promise.all(names.map(readOwn))).flat());
}

/** The operations of a document, with the columns of the organization in the inputs of its actions. */
export function withCustomColumns({
  actions,
  triggers,
  customColumns = new Map(),
}: DocumentScope): Pick<DocumentScope, 'actions' | 'triggers'> {
  return {
    triggers,
    actions: actions.map((action) => {
      const columns = customColumns.get(customTableOf(action) ?? '');
      const { properties = {}, ...input } = action.input as ObjectSchema;
      if (columns === undefined) return action;
      const { title, description } = properties[inputName] ?? {};
      const typed = { ...properties, [inputName]: { title, description, ...columns } as JsonSchema };
      return { ...action, input: { ...input, properties: typed } };
    }),
  };
}
