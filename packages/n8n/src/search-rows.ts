import type { Client, ConnectorDefinition } from 'dynamics365-connector';
import type { NodePropertyOption } from './n8n-types.ts';

/** Rows in a list that is searched by typing; who wants another one types more. */
const maxResults = 50;

/** Rows whose name holds the text, over one table or several; of several, the table stands in name and value. */
export async function searchRows(
  definition: ConnectorDefinition,
  client: Client,
  {
    kind,
    tables,
    text,
  }: { readonly kind: 'row' | 'link'; readonly tables: readonly string[]; text?: string },
): Promise<NodePropertyOption[]> {
  const found = await Promise.all(tables.map((table) => searchTable(definition, client, { table, text })));
  const includeTable = kind === 'link' && tables.length > 1;
  return found.flatMap(({ table, title, rows }) =>
    rows.map(({ id, name }) => ({
      name: includeTable ? `${name} (${title})` : name,
      value: includeTable ? `${table}/${id}` : id,
    })),
  );
}

/** Users by the id that Entra knows them by; nobody can act in the name of one who has none. */
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
  readonly text?: string | undefined;
  /** What stands for a row instead of its key. */
  readonly idColumn?: string;
}

async function searchTable(
  { tables }: ConnectorDefinition,
  client: Client,
  { table, text = '', idColumn }: TableSearch,
) {
  const known = tables[table] ?? (await client.metadata.getTable(table));
  if (known === undefined) return { table, title: table, rows: [] };
  const { title, key, primaryName = key } = known;
  const id = idColumn ?? key;
  const logicalName = 'logicalName' in known ? known.logicalName : known.name;
  const clauses = [
    ...(text === '' ? [] : [`contains(${primaryName},'${text.replaceAll("'", "''")}')`]),
    // Who left cannot be given work.
    ...(table === 'user' ? ['isdisabled eq false'] : []),
    ...(idColumn === undefined ? [] : [`${idColumn} ne null`]),
  ];
  const query = {
    table: logicalName,
    select: `${id},${primaryName}`,
    orderBy: primaryName,
    top: maxResults,
    ...(clauses.length === 0 ? {} : { filter: clauses.join(' and ') }),
  };
  const rows: { readonly id: string; readonly name: string }[] = [];
  for await (const page of client.query(query)) {
    rows.push(...page.map((row) => ({ id: String(row[id]), name: String(row[primaryName] ?? row[id]) })));
  }
  return { table, title, rows };
}
