import type { Client, ConnectorDefinition } from 'dynamics365-connector';
import { quoteFilterText } from 'dynamics365-connector/host';
import type { NodePropertyOption } from './n8n-types.ts';

/** Rows that a search returns; a longer search text finds the others. */
const maxResults = 50;

export interface RowSearch {
  /** `row`: results are ids. `lookup`: with several tables, results are `table/id`. */
  readonly kind: 'row' | 'lookup';
  readonly tables: readonly string[];
  readonly text?: string;
}

/** Finds rows by a part of their primary name, in one table or several. */
export async function searchRows(
  definition: ConnectorDefinition,
  client: Client,
  { kind, tables, text }: RowSearch,
): Promise<NodePropertyOption[]> {
  const found = await Promise.all(tables.map((table) => searchTable(definition, client, { table, text })));
  const includeTable = kind === 'lookup' && tables.length > 1;
  return found.flatMap(({ table, title, rows }) =>
    rows.map(({ id, name }) => ({
      name: includeTable ? `${name} (${title})` : name,
      value: includeTable ? `${table}/${id}` : id,
    })),
  );
}

/** Finds enabled users by name. Values are Microsoft Entra object IDs; users without one are left out. */
export async function searchUsers(
  definition: ConnectorDefinition,
  client: Client,
  text?: string,
): Promise<NodePropertyOption[]> {
  const idColumn = 'azureactivedirectoryobjectid';
  const { rows } = await searchTable(definition, client, { table: 'user', text, idColumn });
  return rows.map(({ id, name }) => ({ name, value: id }));
}

interface TableSearch {
  readonly table: string;
  readonly text?: string;
  /** The column whose value identifies a row in the result. Default: the table's key. */
  readonly idColumn?: string;
}

async function searchTable(
  { tables }: ConnectorDefinition,
  client: Client,
  { table, text, idColumn }: TableSearch,
) {
  const known = tables[table] ?? (await client.metadata.getTable(table));
  if (known === undefined) return { table, title: table, rows: [] };
  const { title, key, primaryName = key } = known;
  const id = idColumn ?? key;
  const query = {
    table: 'logicalName' in known ? known.logicalName : known.name,
    select: `${id},${primaryName}`,
    orderBy: primaryName,
    top: maxResults,
    filter: searchFilter(primaryName, { table, text, idColumn }),
  };
  const rows: { readonly id: string; readonly name: string }[] = [];
  for await (const page of client.query(query)) {
    rows.push(...page.map((row) => ({ id: String(row[id]), name: String(row[primaryName] ?? row[id]) })));
  }
  return { table, title, rows };
}

/** The `$filter`; undefined when every row matches. */
function searchFilter(primaryName: string, { table, text, idColumn }: TableSearch): string | undefined {
  const clauses: string[] = [];
  if (text) clauses.push(`contains(${primaryName},${quoteFilterText(text)})`);
  // A disabled user cannot be assigned rows.
  if (table === 'user') clauses.push('isdisabled eq false');
  if (idColumn !== undefined) clauses.push(`${idColumn} ne null`);
  return clauses.length === 0 ? undefined : clauses.join(' and ');
}
