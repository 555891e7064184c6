import { checkManifest, type Diagnostic } from 'dynamics365-connector';
import { createTableLoader, lintManifest, printDiagnostics } from 'dynamics365-connector/authoring';
import { readManifest } from 'dynamics365-connector/node';
import { annotationPath } from '../annotation-path.ts';
import { fixManifest } from '../fix-manifest.ts';
import { readSnapshotFile } from '../read-snapshot-file.ts';
import { requireManifest } from '../require-manifest.ts';
import type { CommandContext } from './command-context.ts';

interface CheckOptions {
  readonly format: 'text' | 'json' | 'github';
  readonly metadata?: string;
  readonly fix?: boolean;
  readonly strict?: boolean;
}

/** `d365 check`: prints all diagnostics of a manifest. Exit code 1 for an error, with --strict for a warning too. */
export default async function check({ terminal, options }: CommandContext<CheckOptions>) {
  if (options.fix === true) {
    const fixed = await fixManifest(requireManifest(options, '--fix'));
    terminal.printNote(`${fixed} ${fixed === 1 ? 'mistake' : 'mistakes'} fixed`);
  }
  const { diagnostics: manifestDiagnostics, definition } = await checkManifest({
    manifest: options.manifest,
  });
  const diagnostics = [...manifestDiagnostics, ...(await lintAgainstSnapshot(options))];
  const format = terminal.json ? 'json' : options.format;
  const shown = format === 'github' ? diagnostics.map((one) => annotate(one, options)) : diagnostics;
  if (diagnostics.length > 0 || format === 'json') terminal.print(printDiagnostics(shown, format));
  if (definition === undefined) return 1;
  const { actions, triggers, tables } = definition;
  const counts = [actions, triggers, tables].map((all) => Object.keys(all).length);
  terminal.printNote(
    `${definition.id} ${definition.version}: ${counts[0]} actions, ${counts[1]} triggers, ${counts[2]} tables`,
  );
  return options.strict === true && diagnostics.length > 0 ? 1 : 0;
}

/** GitHub finds a file by its path in the repository, not in the folder of the manifest. */
function annotate(diagnostic: Diagnostic, { manifest }: { readonly manifest?: string }): Diagnostic {
  const { location } = diagnostic;
  return { ...diagnostic, location: { ...location, file: annotationPath(manifest, location.file) } };
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
  const [{ packages }, source] = await Promise.all([readManifest(manifest), readSnapshotFile(metadata)]);
  return await createTableLoader(source, Number.POSITIVE_INFINITY).runCheck((schema) =>
    lintManifest(packages, schema),
  );
}
