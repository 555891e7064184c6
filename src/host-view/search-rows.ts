import type { Client } from '../client/client.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { MetadataTable } from '../model/metadata.ts';
import { findTableByName, type Table } from '../model/table.ts';
import { quoteFilterText } from '../odata/quote-string.ts';
import { readFormattedValue } from '../odata/row-annotations.ts';
import { resolveTable } from '../query/resolve-table.ts';
import type { PickList, PickOption } from './pick-list.ts';
import { rowUrl } from './row-url.ts';

/** Rows that a search of one table returns; a longer search text finds the others. */
const maxResults = 50;
/** Values of a row in its second line. */
const maxDetails = 2;

/** Users by their Microsoft Entra object ID; those without one are left out. */
const entraIdColumn = 'azureactivedirectoryobjectid';

/** What is searched. */
export interface RowSearch {
  readonly tables: readonly string[];
  readonly value: Extract<PickList, { from: 'rows' }>['value'];
  readonly text?: string;
}

/** Finds rows by a part of their name, number or e-mail address, in one table or several. */
export async function searchRows(
  definition: ConnectorDefinition,
  client: Client,
  { tables, ...search }: RowSearch,
): Promise<readonly PickOption[]> {
  const found = await Promise.all(
    tables.map(async (name) => {
      const table = await findTable(definition, client, name);
      return table === undefined
        ? []
        : await searchTable(client, table, { ...search, hasOthers: tables.length > 1 });
    }),
  );
  return found.flat();
}

/** What a search needs to know of a table. */
interface SearchedTable {
  readonly name: string;
  readonly title: string;
  readonly logicalName: string;
  readonly key: string;
  readonly primaryName: string;
  /** The texts that are searched beside the name, and shown in the second line. */
  readonly texts: readonly string[];
  /** More columns of the second line, by their wire names. */
  readonly details: readonly string[];
  /** The column with the time of creation, which tells rows apart that are equal otherwise. */
  readonly created: string | undefined;
}

async function findTable(
  definition: ConnectorDefinition,
  client: Client,
  name: string,
): Promise<SearchedTable | undefined> {
  const own = findTableByName(definition.tables, name);
  if (own !== undefined) return fromOwnTable(own);
  const { logicalName } = await resolveTable(definition, client.metadata, name);
  const table = await client.metadata.getTable(logicalName);
  return table && fromMetadata(table);
}

/** Lookups that tell rows of one name apart: whose contact, whose case. */
const tellingLookups = ['customer', 'company', 'account', 'regarding'];

function fromOwnTable(table: Table): SearchedTable {
  const { name, title, logicalName, key, primaryName, columns } = table;
  const texts = columns.filter(
    (column) => column.searchable === true && column.type === 'string' && column.logicalName !== primaryName,
  );
  const lookups = columns.filter((column) => tellingLookups.includes(column.name));
  return {
    ...{ name, title, logicalName, key, primaryName },
    texts: texts.map(({ wireName }) => wireName),
    details: lookups.map(({ wireName }) => wireName),
    created: columns.find((column) => column.logicalName === 'createdon')?.wireName,
  };
}

function fromMetadata({
  name,
  title,
  key,
  primaryName,
  columns,
  alternateKeys,
}: MetadataTable): SearchedTable {
  const keys = new Set(alternateKeys.flat());
  const texts = columns.filter((column) => column.type === 'string' && keys.has(column.name));
  return {
    ...{ name, title, logicalName: name, key, primaryName: primaryName ?? key },
    texts: texts.map((column) => column.name).filter((column) => column !== primaryName),
    details: [],
    created: columns.find((column) => column.name === 'createdon')?.name,
  };
}

interface TableSearch extends Pick<RowSearch, 'value' | 'text'> {
  /** Other tables are searched too, so that each row says which table it is of. */
  readonly hasOthers: boolean;
}

async function searchTable(
  client: Client,
  table: SearchedTable,
  { value, text, hasOthers }: TableSearch,
): Promise<readonly PickOption[]> {
  const { logicalName, primaryName, key, texts, details, created } = table;
  const identity = value === 'entra-id' ? [key, entraIdColumn] : [key];
  const request = {
    table: logicalName,
    select: [
      ...new Set([
        ...identity,
        primaryName,
        ...texts,
        ...details,
        ...(created === undefined ? [] : [created]),
      ]),
    ],
    orderBy: primaryName,
    top: maxResults,
    filter: searchFilter(table, { value, text }),
  };
  const rows: JsonObject[] = [];
  for await (const page of client.query(request)) rows.push(...page);
  const options = rows.map((row) => {
    const id = String(row[key]);
    const values = { id, 'table/id': `${table.name}/${id}`, 'entra-id': String(row[entraIdColumn]) };
    return {
      value: values[value],
      label: String(row[primaryName] ?? id),
      details: [...(hasOthers ? [table.title] : []), ...detailsOf(row, table)],
      created: created === undefined ? undefined : textOf(row, created),
      url: rowUrl(client.metadata.origin, logicalName, id),
    };
  });
  const textsOf = ({ label, details: shown }: (typeof options)[number]) => [label, ...shown].join('\n');
  const counts = Map.groupBy(options, textsOf);
  return options.map((option) => {
    const isTwice = (counts.get(textsOf(option))?.length ?? 0) > 1;
    const shown = [...option.details, ...(isTwice && option.created !== undefined ? [option.created] : [])];
    const { label, url } = option;
    return {
      value: option.value,
      label,
      detail: shown.length === 0 ? undefined : shown.join(' \u00b7 '),
      url,
    };
  });
}

/** The first values of the second line, as the user's language shows them. */
function detailsOf(row: JsonObject, { texts, details }: SearchedTable): readonly string[] {
  return [...texts, ...details].flatMap((column) => textOf(row, column) ?? []).slice(0, maxDetails);
}

/** A value as the user's language shows it; undefined if there is none. */
function textOf(row: JsonObject, column: string): string | undefined {
  const value = readFormattedValue(row, column) ?? row[column];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The `$filter`; undefined when every row matches. */
function searchFilter(
  { logicalName, key, primaryName, texts }: SearchedTable,
  { value, text }: Pick<RowSearch, 'value' | 'text'>,
): string | undefined {
  const clauses: string[] = [];
  if (text) {
    // A table without a primary name is searched by its other texts.
    const names = primaryName === key ? texts : [primaryName, ...texts];
    const contained = names.map((column) => `contains(${column},${quoteFilterText(text)})`);
    if (contained.length > 0) clauses.push(`(${contained.join(' or ')})`);
  }
  // A disabled user cannot be assigned rows.
  if (logicalName === 'systemuser') clauses.push('isdisabled eq false');
  if (value === 'entra-id') clauses.push(`${entraIdColumn} ne null`);
  return clauses.length === 0 ? undefined : clauses.join(' and ');
}
