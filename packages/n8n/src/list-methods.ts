import type { Client, ConnectorDefinition } from 'dynamics365-connector';
import { resolveTable, runtimeOf, toWireName } from 'dynamics365-connector/host';
import { classifyField, inputSchemaOf } from './classify-field.ts';
import { choicesMethodName, rowsMethodName, usersMethodName } from './list-method-names.ts';
import type { N8nContext } from './n8n-context.ts';
import type { LoadOptionsFunctions, NodePropertyOption, ResourceMapperField } from './n8n-types.ts';
import { toNodeError } from './node-error.ts';
import { openClient } from './open-client.ts';
import { toMapperFields } from './resource-mapper.ts';
import { searchRows, searchUsers } from './search-rows.ts';

type LoadOptionsMethod = (this: LoadOptionsFunctions) => Promise<NodePropertyOption[]>;
type ListSearchMethod = (
  this: LoadOptionsFunctions,
  filter?: string,
) => Promise<{ results: NodePropertyOption[] }>;

/** The methods that n8n's editor calls to fill lists from the organization of the node's credential. */
export interface ListMethods {
  readonly loadOptions: Readonly<Record<string, LoadOptionsMethod>>;
  readonly listSearch: Readonly<Record<string, ListSearchMethod>>;
  readonly resourceMapping: {
    getColumnsToWrite(this: LoadOptionsFunctions): Promise<{ fields: ResourceMapperField[] }>;
  };
}

/** Creates the methods for all lists of the nodes' fields. */
export function createListMethods(n8nContext: N8nContext): ListMethods {
  const withClient = createMethodWrapper(n8nContext);
  const { definition } = runtimeOf(n8nContext.connector);
  const loadOptions: Record<string, LoadOptionsMethod> = {
    getTables: withClient(loadTables),
    getColumns: withClient(loadColumns),
  };
  const listSearch: Record<string, ListSearchMethod> = {
    [usersMethodName]: withClient(async (client, _, text) => ({
      results: await searchUsers(definition, client, text),
    })),
  };
  for (const kind of allFieldKinds(definition)) {
    if (kind.kind === 'column-choice') {
      loadOptions[choicesMethodName(kind.table, kind.column)] = withClient((client) =>
        loadChoices(definition, client, kind),
      );
    } else if (kind.kind === 'row' || kind.kind === 'lookup') {
      listSearch[rowsMethodName(kind.kind, kind.tables)] = withClient(async (client, _, text) => ({
        results: await searchRows(definition, client, { ...kind, text }),
      }));
    }
  }
  return {
    loadOptions,
    listSearch,
    resourceMapping: { getColumnsToWrite: withClient(loadColumnsToWrite) },
  };
}

async function loadTables(client: Client): Promise<NodePropertyOption[]> {
  const tables = await client.metadata.listTables();
  return sortByName(tables.map(({ name, title }) => ({ name: `${title} (${name})`, value: name })));
}

async function loadColumns(client: Client, functions: LoadOptionsFunctions): Promise<NodePropertyOption[]> {
  const table = await client.metadata.getTable(String(functions.getCurrentNodeParameter('table')));
  const columns = table?.columns.filter(({ type }) => type !== 'other') ?? [];
  return sortByName(
    columns.map((column) => ({ name: `${column.title} (${column.name})`, value: toWireName(column) })),
  );
}

async function loadColumnsToWrite(client: Client, functions: LoadOptionsFunctions) {
  const table = await client.metadata.getTable(String(functions.getCurrentNodeParameter('table')));
  const isNew = functions.getCurrentNodeParameter('operation') === 'record.create';
  return { fields: table === undefined ? [] : toMapperFields(table, isNew ? 'create' : 'update') };
}

/** Wraps a function of a client as a method for n8n, with errors as n8n node errors. */
function createMethodWrapper(n8nContext: N8nContext) {
  return <T>(work: (client: Client, functions: LoadOptionsFunctions, text?: string) => Promise<T>) =>
    async function (this: LoadOptionsFunctions, text?: string): Promise<T> {
      try {
        return await work(await openClient(n8nContext, this), this, text);
      } catch (thrown) {
        throw toNodeError(n8nContext.helpers, this.getNode(), { thrown });
      }
    };
}

function allFieldKinds(definition: ConnectorDefinition) {
  return [...Object.values(definition.actions), ...Object.values(definition.triggers)].flatMap((operation) =>
    Object.keys(inputSchemaOf(operation).properties).map((name) =>
      classifyField(definition, operation, name),
    ),
  );
}

/** Loads the choices of the organization; values are the manifest's names, or numbers for choices it does not have. */
async function loadChoices(
  definition: ConnectorDefinition,
  client: Client,
  { table, column }: { readonly table: string; readonly column: string },
): Promise<NodePropertyOption[]> {
  const definedColumn = definition.tables[table]?.columns.find(({ name }) => name === column);
  const { logicalName } = await resolveTable(definition, client.metadata, table);
  const organizationColumn = (await client.metadata.getTable(logicalName))?.columns.find(
    ({ name }) => name === definedColumn?.logicalName,
  );
  const namesByNumber = new Map(
    Object.entries(definedColumn?.choices ?? {}).map(([choiceName, number]) => [number, choiceName]),
  );
  return (organizationColumn?.choices ?? []).map(({ label, value }) => ({
    name: label,
    value: namesByNumber.get(value) ?? value,
  }));
}

function sortByName(options: NodePropertyOption[]): NodePropertyOption[] {
  return options.sort((a, b) => a.name.localeCompare(b.name));
}
