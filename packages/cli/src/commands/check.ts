import { checkManifest, type Diagnostic } from 'dynamics365-connector';
import { createTableLoader, lintManifest, printDiagnostics } from 'dynamics365-connector/authoring';
import { readManifestFiles } from 'dynamics365-connector/node';
import { readSnapshotFile } from '../read-snapshot-file.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 check`: every fault of a manifest at once. Exit code 1 when there is an error. */
export default async function check({
  terminal,
  options,
}: CommandContext<{ format: 'text' | 'json' | 'github'; metadata?: string }>) {
  const { diagnostics: own, definition } = await checkManifest({ folder: options.manifest });
  const diagnostics = [...own, ...(await lintAgainstSnapshot(options))];
  const format = terminal.json ? 'json' : options.format;
  if (diagnostics.length > 0 || format === 'json') terminal.print(printDiagnostics(diagnostics, format));
  if (definition === undefined) return 1;
  const { actions, triggers, tables } = definition;
  const counts = [actions, triggers, tables].map((all) => Object.keys(all).length);
  terminal.printNote(
    `${definition.id} ${definition.version}: ${counts[0]} actions, ${counts[1]} triggers, ${counts[2]} tables`,
  );
  return 0;
}

/** What a snapshot of an organization says of the manifest: only warnings. */
async function lintAgainstSnapshot({
  manifest,
  metadata,
}: {
  manifest?: string;
  metadata?: string;
}): Promise<readonly Diagnostic[]> {
  if (metadata === undefined) return [];
  const [files, source] = await Promise.all([readManifestFiles(manifest), readSnapshotFile(metadata)]);
  const everyTable = (await source.listTables()).length;
  return await createTableLoader(source, everyTable).runCheck((schema) => lintManifest(files, schema));
}
