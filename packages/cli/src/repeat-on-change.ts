import { existsSync, watch } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ConnectorError } from 'dynamics365-connector';
import { printError } from './print-error.ts';
import type { Terminal } from './terminal.ts';

/** Pause in which further changes are a part of the same one: editors write a file in several steps. */
const settleMs = 150;

/**
 * Runs `work` now, with no file, and each time after YAML files of a folder have changed. Its ConnectorErrors are printed.
 * Ends with the process.
 */
export async function repeatOnChange(
  folder: string,
  terminal: Terminal,
  work: (changed: readonly string[]) => Promise<void>,
): Promise<never> {
  if (!existsSync(folder)) throw new ConnectorError('MANIFEST_UNREADABLE', `${folder} does not exist.`);
  const nextChange = watchFolder(folder);
  for (let changed: readonly string[] = []; ; changed = await nextChange()) {
    if (changed.length > 0) terminal.printNote(`\n${changed.join(', ')} changed`);
    await work(changed).catch((error: unknown) => {
      if (!(error instanceof ConnectorError)) throw error;
      printError(terminal, error);
    });
  }
}

/** Waits for the next change. What has changed since the last call is returned at once, after the pause. */
function watchFolder(folder: string): () => Promise<readonly string[]> {
  const changed = new Set<string>();
  let wake = () => {};
  watch(folder, { recursive: true }, (_event, file) => {
    if (file?.endsWith('.yaml') !== true) return;
    changed.add(file);
    wake();
  });
  return async () => {
    if (changed.size === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    await setTimeout(settleMs);
    const files = [...changed];
    changed.clear();
    return files;
  };
}
