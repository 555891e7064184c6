import { writeFile } from 'node:fs/promises';
import { loadConnector, type MetadataTable } from 'dynamics365-connector';
import { writeTypes } from 'dynamics365-connector/authoring';
import { runtimeOf } from 'dynamics365-connector/host';
import { readSnapshotFile } from '../read-snapshot-file.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 types`: writes TypeScript types of actions, triggers, and the tables of a snapshot. */
export default async function types({
  terminal,
  options,
}: CommandContext<{ metadata?: string; out?: string }>) {
  const { definition } = runtimeOf(await loadConnector({ manifest: options.manifest }));
  const tables = options.metadata === undefined ? [] : await readAllTables(options.metadata);
  const text = writeTypes({ definition, tables });
  if (options.out === undefined) terminal.print(text.trimEnd());
  else {
    await writeFile(options.out, text);
    terminal.printNote(
      `${options.out}: ${Object.keys(definition.actions).length} actions, ${tables.length} tables`,
    );
  }
  return 0;
}

async function readAllTables(file: string): Promise<readonly MetadataTable[]> {
  const source = await readSnapshotFile(file);
  const tables = await Promise.all((await source.listTables()).map(({ name }) => source.getTable(name)));
  return tables.filter((table) => table !== undefined);
}
