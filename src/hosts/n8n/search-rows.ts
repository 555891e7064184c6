import type { Client } from '../../engine/client.ts';
import type { Definition } from '../../model/definition.ts';
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

async function searchTable(
  { tables }: Definition,
  client: Client,
  { table, text = '' }: { readonly table: string; readonly text?: string | undefined },
) {
  const known = tables[table] ?? (await client.metadata.table(table));
  if (known === undefined) return { table, title: table, rows: [] };
  const { title, key, primaryName = key } = known;
  const logicalName = 'logicalName' in known ? known.logicalName : known.name;
  const clauses = [
    ...(text === '' ? [] : [`contains(${primaryName},'${text.replaceAll("'", "''")}')`]),
    // Who left cannot be given work.
    ...(table === 'user' ? ['isdisabled eq false'] : []),
  ];
  const query = {
    table: logicalName,
    select: `${key},${primaryName}`,
    orderBy: primaryName,
    top: most,
    ...(clauses.length === 0 ? {} : { filter: clauses.join(' and ') }),
  };
  const rows: { readonly id: string; readonly name: string }[] = [];
  for await (const page of client.query(query)) {
    rows.push(...page.map((row) => ({ id: String(row[key]), name: String(row[primaryName] ?? row[key]) })));
  }
  return { table, title, rows };
}
