import type { Client, Definition } from 'dynamics365-connector';
import { findTable } from 'dynamics365-connector/host';
import { mappedFields } from './columns.ts';
import { fieldKind, inputOf } from './field-kind.ts';
import type { House } from './house.ts';
import { choicesOf, people, rowsOf } from './list-names.ts';
import type { ListContext, MappedField, Option } from './n8n.ts';
import { toNodeError } from './node-error.ts';
import { openClient } from './open-client.ts';
import { searchPeople, searchRows } from './search-rows.ts';

type LoadOptions = (this: ListContext) => Promise<Option[]>;
type ListSearch = (this: ListContext, filter?: string) => Promise<{ results: Option[] }>;

/** What n8n's editor calls to fill the lists of our nodes, from the organisation of the node's credential. */
export interface ListMethods {
  readonly loadOptions: Readonly<Record<string, LoadOptions>>;
  readonly listSearch: Readonly<Record<string, ListSearch>>;
  readonly resourceMapping: {
    getColumnsToWrite(this: ListContext): Promise<{ fields: MappedField[] }>;
  };
}

/** The methods for every list that a field of ours names. */
export function listMethods(house: House): ListMethods {
  const asking = asker(house);
  const { definition } = house.connector;
  const loadOptions: Record<string, LoadOptions> = {
    getTables: asking(async (client) => {
      const names = await client.metadata.names();
      return sorted(names.map(({ name, title }) => ({ name: `${title} (${name})`, value: name })));
    }),
    getColumns: asking(async (client, context) => {
      const table = await client.metadata.table(String(context.getCurrentNodeParameter('table')));
      const columns = table?.columns.filter(({ type }) => type !== 'other') ?? [];
      return sorted(
        columns.map(({ name, title, type }) => ({
          name: `${title} (${name})`,
          value: type === 'lookup' ? `_${name}_value` : name,
        })),
      );
    }),
  };
  const listSearch: Record<string, ListSearch> = {
    [people]: asking(async (client, _, text) => ({ results: await searchPeople(definition, client, text) })),
  };
  for (const kind of fieldKinds(definition)) {
    if (kind.kind === 'column-choice') {
      loadOptions[choicesOf(kind.table, kind.column)] = asking((client) => choices(definition, client, kind));
    } else if (kind.kind === 'row' || kind.kind === 'link') {
      listSearch[rowsOf(kind.kind, kind.tables)] = asking(async (client, _, text) => ({
        results: await searchRows(definition, client, { ...kind, text }),
      }));
    }
  }
  const getColumnsToWrite = asking(async (client, context) => {
    const table = await client.metadata.table(String(context.getCurrentNodeParameter('table')));
    const isNew = context.getCurrentNodeParameter('operation') === 'record.create';
    return { fields: table === undefined ? [] : mappedFields(table, isNew ? 'create' : 'update') };
  });
  return { loadOptions, listSearch, resourceMapping: { getColumnsToWrite } };
}

/** Turns work with a client into a method that n8n calls; errors are its own kind. */
function asker(house: House) {
  return <T>(work: (client: Client, context: ListContext, text?: string) => Promise<T>) =>
    async function (this: ListContext, text?: string): Promise<T> {
      try {
        return await work(await openClient(house, this), this, text);
      } catch (thrown) {
        throw toNodeError(house.kit, this.getNode(), { thrown });
      }
    };
}

function fieldKinds(definition: Definition) {
  return [...Object.values(definition.actions), ...Object.values(definition.triggers)].flatMap((operation) =>
    Object.keys(inputOf(operation).properties).map((name) => fieldKind(definition, operation, name)),
  );
}

/** The organisation's own choices: in our words where we have one, by number where it added some. */
async function choices(
  definition: Definition,
  client: Client,
  { table, column }: { readonly table: string; readonly column: string },
): Promise<Option[]> {
  const ours = definition.tables[table]!.columns.find(({ name }) => name === column)!;
  const { logicalName } = await findTable(definition, client.metadata, table);
  const theirs = (await client.metadata.table(logicalName))?.columns.find(({ name }) => name === ours.column);
  const words = new Map(Object.entries(ours.choices ?? {}).map(([word, number]) => [number, word]));
  return (theirs?.choices ?? []).map(({ label, value }) => ({
    name: label,
    value: words.get(value) ?? value,
  }));
}

function sorted(options: Option[]): Option[] {
  return options.sort((a, b) => a.name.localeCompare(b.name));
}
