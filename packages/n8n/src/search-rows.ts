import type { Client, Definition } from 'dynamics365-connector';
import type { Option } from './n8n.ts';

/** Rows in a list that is searched by typing; who wants another one types more. */
const most = 50;

/** Rows whose name holds the text, over one table or several; of several, the table stands in name and value. */
export async function searchRows(
  definition: Definition,
  client: Client,
  {
    kind,
    tables,
    text,
  }: { readonly kind: 'row' | 'link'; readonly tables: readonly string[]; text?: string },
): Promise<Option[]> {
  const found = await Promise.all(tables.map((table) => searchTable(definition, client, { table, text })));
  const tellTable = kind === 'link' && tables.length > 1;
  return found.flatMap(({ table, title, rows }) =>
    rows.map(({ id, name }) => ({
      name: tellTable ? `${name} (${title})` : name,
      value: tellTable ? `${table}/${id}` : id,
    })),
  );
}

/** Users by the id that Entra knows them by; nobody can act in the name of one who has none. */
export async function searchPeople(definition: Definition, client: Client, text?: string): Promise<Option[]> {
  const idColumn = 'azureactivedirectoryobjectid';
  const { rows } = await searchTable(definition, client, { table: 'user', text, idColumn });
  return rows.map(({ id, name }) => ({ name, value: id }));
}

interface Search {
  readonly table: string;
  readonly text?: string | undefined;
  /** What stands for a row instead of its key. */
  readonly idColumn?: string;
}

async function searchTable({ tables }: Definition, client: Client, { table, text = '', idColumn }: Search) {
  const known = tables[table] ?? (await client.metadata.table(table));
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
    top: most,
    ...(clauses.length === 0 ? {} : { filter: clauses.join(' and ') }),
  };
  const rows: { readonly id: string; readonly name: string }[] = [];
  for await (const page of client.query(query)) {
    rows.push(...page.map((row) => ({ id: String(row[id]), name: String(row[primaryName] ?? row[id]) })));
  }
  return { table, title, rows };
}
