import { join } from 'node:path';
import { checkManifest, type Diagnostic } from 'dynamics365-connector';
import { applyEdits, isReadable, sortEdits } from 'dynamics365-connector/authoring';
import { readManifest, replaceFileText } from 'dynamics365-connector/node';

/** Fixing a mistake can reveal the next one, such as the names in a file that could not be parsed. */
const maxRounds = 20;

/**
 * Applies every fix that is certain to the own files of a manifest, until none is left. Each file is replaced as a whole.
 *
 * @returns how many mistakes were fixed
 */
export async function fixManifest(folder: string): Promise<number> {
  let fixed = 0;
  for (let round = 0; round < maxRounds; round++) {
    const { packages } = await readManifest(folder);
    const files = packages.at(-1)?.files ?? new Map<string, string>();
    const { diagnostics } = await checkManifest({ manifest: folder });
    const byFile = Map.groupBy(diagnostics, ({ location }) => location.file);
    const changes = [...byFile].flatMap(([file, found]) => fixFile(file, files.get(file), found) ?? []);
    if (changes.length === 0) break;
    for (const { file, text, count } of changes) {
      await replaceFileText(join(folder, file), text);
      fixed += count;
    }
  }
  return fixed;
}

function fixFile(file: string, text: string | undefined, diagnostics: readonly Diagnostic[]) {
  const edits = sortEdits(diagnostics.flatMap(({ edit }) => edit ?? []));
  if (text === undefined || edits.length === 0) return undefined;
  const fixed = { file, text: applyEdits(text, edits), count: edits.length };
  // Two fixes that do not fit together leave the file as it is.
  return isReadable(fixed.text) ? fixed : undefined;
}
