import {
  mirrorProcessSettings,
  openMirrorFile,
  type TableDifferences,
  verifyMirror,
} from 'dynamics365-connector-mirror';
import { withMirrorFile } from '../open-mirror.ts';
import { printTable } from '../print-table.ts';
import { restartProcess } from '../restart-process.ts';
import { createStopSignal } from '../stop-signal.ts';
import type { MirrorCommandContext } from './mirror-command-context.ts';

/** `d365 mirror verify [table]`: compares the target with the organization. The exit code is 1 if rows differ. */
export async function verifyMirrorCommand(context: MirrorCommandContext): Promise<number> {
  restartProcess(mirrorProcessSettings);
  const { terminal, args, options } = context;
  const { repair = false, cells = false } = options;
  return await withMirrorFile(context, async ({ file, environment, log }) => {
    const opened = await openMirrorFile(file, environment);
    try {
      const found = await terminal.withSpinner('comparing', () =>
        verifyMirror({ ...opened, log }, { repair, cells, onlyTable: args[1] }, createStopSignal()),
      );
      if (terminal.json) for (const table of found) terminal.printJson(table);
      else
        printTable(
          terminal,
          ['table', 'compared', 'missing', 'extra', 'wrong', 'repaired'],
          found.map(toRow),
        );
      return found.some(hasDifferences) ? 1 : 0;
    } finally {
      await opened.target.close();
    }
  });
}

function toRow({ table, compared, missing, extra, wrong, repaired }: TableDifferences): readonly string[] {
  return [table, ...[compared, missing, extra, wrong, repaired].map(String)];
}

function hasDifferences({ missing, extra, wrong, repaired }: TableDifferences): boolean {
  return missing + extra + wrong > repaired;
}
