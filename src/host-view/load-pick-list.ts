import type { Client } from '../client/client.ts';
import { isRequired, isWritable } from '../metadata/build-table-schema.ts';
import { isWatchable } from '../metadata/is-watchable.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { MetadataColumn, MetadataTable } from '../model/metadata.ts';
import { toWireName } from '../odata/wire-name.ts';
import { resolveTable } from '../query/resolve-table.ts';
import type { PickList, PickOption, TableSource } from './pick-list.ts';
import { searchRows } from './search-rows.ts';

/** What narrows a pick list. */
export interface PickListQuery {
  /** A part of the option's text; rows are searched by it. */
  readonly text?: string;
  /** The values of the form's other fields, for a pick list that depends on one: `{ table: 'incident' }`. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/**
 * Reads the options of a pick list from the organization, sorted by their labels. Rows are at most 50; a longer text finds
 * the others. No options if the field that names the table is empty.
 *
 * @throws The ConnectorErrors of a read: ACCESS_DENIED, THROTTLED ...
 */
export async function loadPickList(
  definition: ConnectorDefinition,
  client: Client,
  pickList: PickList,
  query: PickListQuery = {},
): Promise<readonly PickOption[]> {
  switch (pickList.from) {
    case 'rows': {
      const tables = pickList.tables.flatMap((table) => tableNameOf(table, query) ?? []);
      return await searchRows(definition, client, { tables, value: pickList.value, text: query.text });
    }
    case 'values':
      return matching(pickList.options, query);
    case 'own-columns':
      return matching(ownColumnOptions(definition, pickList), query);
    case 'choices':
      return matching(await loadChoices(definition, client, pickList), query);
    case 'tables': {
      const tables = await client.metadata.listTables();
      return matching(
        sortByLabel(tables.map(({ name, title }) => ({ value: name, label: title, detail: name }))),
        query,
      );
    }
    case 'columns':
      return matching(await loadColumnOptions(definition, client, pickList, query), query);
  }
}

/** The columns of a pick list, as the organization has them now: a column that was added a moment ago is in it. */
export async function loadColumns(
  definition: ConnectorDefinition,
  client: Client,
  { table: source, use, custom }: Extract<PickList, { from: 'columns' }>,
  query: PickListQuery = {},
): Promise<readonly MetadataColumn[]> {
  const name = tableNameOf(source, query);
  if (name === undefined) return [];
  const { logicalName } = await resolveTable(definition, client.metadata, name);
  await client.metadata.revalidate?.();
  const table = await client.metadata.getTable(logicalName);
  const own = Object.values(definition.tables).find((one) => one.logicalName === logicalName);
  const known = new Set(custom === true ? own?.columns.map((column) => column.logicalName) : []);
  return (table?.columns ?? []).filter(
    (column) => table !== undefined && !known.has(column.name) && isUsable(column, table, use),
  );
}

function isUsable(column: MetadataColumn, table: MetadataTable, use: 'read' | 'watch' | 'create' | 'update') {
  if (use === 'watch') return isWatchable(column);
  return use === 'read' ? column.type !== 'other' : isWritable(column, table, use);
}

async function loadColumnOptions(
  definition: ConnectorDefinition,
  client: Client,
  pickList: Extract<PickList, { from: 'columns' }>,
  query: PickListQuery,
): Promise<readonly PickOption[]> {
  const columns = await loadColumns(definition, client, pickList, query);
  // Rows of any table have Dataverse's names; values to write and custom columns are named by logical names.
  const hasWireNames = pickList.custom !== true && (pickList.use === 'read' || pickList.use === 'watch');
  return sortByLabel(
    columns.map((column) => ({
      value: hasWireNames ? toWireName(column) : column.name,
      label: column.title,
      detail: pickList.use === 'create' && isRequired(column) ? `${column.name}, required` : column.name,
    })),
  );
}

function ownColumnOptions(
  { tables }: ConnectorDefinition,
  { table }: Extract<PickList, { from: 'own-columns' }>,
): readonly PickOption[] {
  const columns = tables[table]?.columns ?? [];
  return sortByLabel(columns.map(({ name, title }) => ({ value: name, label: title, detail: name })));
}

/** The choices of the organization; values are the manifest's names, or numbers for choices it does not have. */
async function loadChoices(
  definition: ConnectorDefinition,
  client: Client,
  { table, column }: Extract<PickList, { from: 'choices' }>,
): Promise<readonly PickOption[]> {
  const definedColumn = definition.tables[table]?.columns.find(({ name }) => name === column);
  const { logicalName } = await resolveTable(definition, client.metadata, table);
  const organizationColumn = (await client.metadata.getTable(logicalName))?.columns.find(
    ({ name }) => name === definedColumn?.logicalName,
  );
  const namesByNumber = new Map(
    Object.entries(definedColumn?.choices ?? {}).map(([choiceName, number]) => [number, choiceName]),
  );
  return (organizationColumn?.choices ?? []).map(({ label, value }) => ({
    label,
    value: namesByNumber.get(value) ?? value,
  }));
}

function tableNameOf(source: TableSource, { values = {} }: PickListQuery): string | undefined {
  const name = typeof source === 'string' ? source : values[source.field];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function matching(options: readonly PickOption[], { text = '' }: PickListQuery): readonly PickOption[] {
  const wanted = text.trim().toLowerCase();
  return options.filter(({ label, detail = '' }) => `${label} ${detail}`.toLowerCase().includes(wanted));
}

function sortByLabel(options: readonly PickOption[]): readonly PickOption[] {
  return options.toSorted((a, b) => a.label.localeCompare(b.label));
}
