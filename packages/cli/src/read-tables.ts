import type { MetadataSource, MetadataTable } from 'dynamics365-connector';

/** Each table takes several requests. */
const maxConcurrentTables = 4;

/** Reads tables by their logical names; `missing` has the names that the organization lacks. */
export async function readTables(
  source: Pick<MetadataSource, 'getTable'>,
  names: readonly string[],
  update: (text: string) => void,
): Promise<{ readonly tables: readonly MetadataTable[]; readonly missing: readonly string[] }> {
  const tables: MetadataTable[] = [];
  const missing: string[] = [];
  for (let start = 0; start < names.length; start += maxConcurrentTables) {
    const group = names.slice(start, start + maxConcurrentTables);
    const results = await Promise.all(
      group.map(async (name) => ({ name, table: await source.getTable(name) })),
    );
    for (const { name, table } of results) {
      if (table === undefined) missing.push(name);
      else tables.push(table);
    }
    update(`metadata: ${tables.length} of ${names.length} tables`);
  }
  return { tables, missing };
}
