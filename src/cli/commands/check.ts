import { checkManifest } from '../../index.ts';
import { printDiagnostics } from '../../manifest/print-diagnostic.ts';
import type { CommandContext } from './context.ts';

/** `d365 check`: every fault of a manifest at once. Exit code 1 when there is an error. */
export default async function check({
  terminal,
  options,
}: CommandContext<{ format: 'text' | 'json' | 'github' }>) {
  const { diagnostics, definition } = await checkManifest({ folder: options.manifest });
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
