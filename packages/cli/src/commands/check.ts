import { checkManifest, type Diagnostic } from 'dynamics365-connector';
import { createTables, lintManifest, printDiagnostics } from 'dynamics365-connector/authoring';
import { readManifestFiles } from 'dynamics365-connector/node';
import { readSnapshotFile } from '../read-snapshot-file.ts';
import type { CommandContext } from './context.ts';

/** `d365 check`: every fault of a manifest at once. Exit code 1 when there is an error. */
export default async function check({
  terminal,
  options,
}: CommandContext<{ format: 'text' | 'json' | 'github'; metadata?: string }>) {
  const { diagnostics: own, definition } = await checkManifest({ folder: options.manifest });
  const diagnostics = [...own, ...(await lint(options))];
  const format = terminal.json ? 'json' : options.format;
  if (diagnostics.length > 0 || format === 'json') terminal.out(printDiagnostics(diagnostics, format));
  if (definition === undefined) return 1;
  const { actions, triggers, tables } = definition;
  const counts = [actions, triggers, tables].map((all) => Object.keys(all).length);
  terminal.note(
    `${definition.id} ${definition.version}: ${counts[0]} actions, ${counts[1]} triggers, ${counts[2]} tables`,
  );
  return 0;
}

/** What a snapshot of an organisation says of the manifest: only warnings. */
async function lint({
  manifest,
  metadata,
}: {
  manifest?: string;
  metadata?: string;
}): Promise<readonly Diagnostic[]> {
  if (metadata === undefined) return [];
  const [files, source] = await Promise.all([readManifestFiles(manifest), readSnapshotFile(metadata)]);
  const everyTable = (await source.names()).length;
  return await createTables(source, everyTable).run((schema) => lintManifest(files, schema));
}
