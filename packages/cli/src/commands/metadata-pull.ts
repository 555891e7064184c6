import { writeFile } from 'node:fs/promises';
import { ConnectorError } from 'dynamics365-connector';
import { writeSnapshot } from 'dynamics365-connector/authoring';
import { runtimeOf } from 'dynamics365-connector/host';
import { openClient } from '../open-client.ts';
import { readTables } from '../read-tables.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 metadata pull`: saves tables of the organization to a file, for checks without network. */
export default async function pull({
  terminal,
  args,
  options,
}: CommandContext<{ all?: boolean; out: string }>) {
  const [verb, ...requestedNames] = args;
  if (verb !== 'pull') {
    throw new ConnectorError('INPUT_INVALID', `There is no command "metadata ${verb}".`, {
      advice: 'Use `d365 metadata pull`.',
    });
  }
  const { client, connector } = await openClient(options);
  const manifestNames = Object.values(runtimeOf(connector).definition.tables).map(
    ({ logicalName }) => logicalName,
  );
  const defaultNames = options.all
    ? (await client.metadata.listTables()).map(({ name }) => name)
    : manifestNames;
  const names = [...new Set([...defaultNames, ...requestedNames])].sort();
  const { tables, missing } = await terminal.withSpinner('metadata', (update) =>
    readTables(client.metadata, names, update),
  );
  const header = { origin: client.metadata.origin, takenAt: new Date().toISOString() };
  await writeFile(options.out, writeSnapshot(header, tables));
  terminal.printNote(`${options.out}: ${tables.length} tables of ${header.origin}`);
  if (missing.length > 0) terminal.printNote(`This organization lacks: ${missing.join(', ')}`);
  return 0;
}
