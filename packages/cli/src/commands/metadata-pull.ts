import { writeFile } from 'node:fs/promises';
import { type Client, ConnectorError, type MetadataTable } from 'dynamics365-connector';
import { writeSnapshot } from 'dynamics365-connector/authoring';
import { openClient } from '../open-client.ts';
import type { CommandContext } from './command-context.ts';

/** Tables read at once; each takes a handful of requests. */
const maxConcurrentReads = 4;

/** `d365 metadata pull`: tables of the organization as a file, for checks without network. */
export default async function pull({
  terminal,
  args,
  options,
}: CommandContext<{ all?: boolean; out: string }>) {
  const [verb, ...named] = args;
  if (verb !== 'pull') throw new ConnectorError('INPUT_INVALID', 'Say `d365 metadata pull`.');
  const { client, connector } = await openClient(options);
  const own = Object.values(connector.definition.tables).map(({ logicalName }) => logicalName);
  const all = options.all === true ? (await client.metadata.listTables()).map(({ name }) => name) : own;
  const wanted = [...new Set([...all, ...named])].sort();
  const { tables, missing } = await terminal.withSpinner('metadata', (update) =>
    readTables(client, wanted, update),
  );
  const about = { origin: client.metadata.origin, takenAt: new Date().toISOString() };
  await writeFile(options.out, writeSnapshot(about, tables));
  terminal.printNote(`${options.out}: ${tables.length} tables of ${about.origin}`);
  if (missing.length > 0) terminal.printNote(`This organization lacks: ${missing.join(', ')}`);
  return 0;
}

async function readTables(client: Client, names: readonly string[], update: (text: string) => void) {
  const tables: MetadataTable[] = [];
  const missing: string[] = [];
  for (let start = 0; start < names.length; start += maxConcurrentReads) {
    const some = names.slice(start, start + maxConcurrentReads);
    const read = await Promise.all(some.map((name) => client.metadata.getTable(name)));
    for (const [index, table] of read.entries()) {
      if (table === undefined) missing.push(some[index]!);
      else tables.push(table);
    }
    update(`metadata: ${tables.length} of ${names.length} tables`);
  }
  return { tables, missing };
}
