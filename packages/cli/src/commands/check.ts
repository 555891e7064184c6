import { checkManifest, type Diagnostic } from 'dynamics365-connector';
import { createTableLoader, lintManifest, printDiagnostics } from 'dynamics365-connector/authoring';
import { readManifestFiles } from 'dynamics365-connector/node';
import { readSnapshotFile } from '../read-snapshot-file.ts';
import type { CommandContext } from './command-context.ts';

interface CheckOptions {
  readonly format: 'text' | 'json' | 'github';
  readonly metadata?: string;
}

/** `d365 check`: prints all diagnostics of a manifest. Exit code 1 if one of them is an error. */
export default async function check({ terminal, options }: CommandContext<CheckOptions>) {
  const { diagnostics: manifestDiagnostics, definition } = await checkManifest({ folder: options.manifest });
  const diagnostics = [...manifestDiagnostics, ...(await lintAgainstSnapshot(options))];
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

/** Compares a manifest with a snapshot of an organization. All diagnostics are warnings. */
async function lintAgainstSnapshot({
  manifest,
  metadata,
}: {
  readonly manifest?: string;
  readonly metadata?: string;
}): Promise<readonly Diagnostic[]> {
  if (metadata === undefined) return [];
  const [files, source] = await Promise.all([readManifestFiles(manifest), readSnapshotFile(metadata)]);
  const tableCount = (await source.listTables()).length;
  return await createTableLoader(source, tableCount).runCheck((schema) => lintManifest(files, schema));
}
