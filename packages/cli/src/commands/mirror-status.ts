import { systemClock } from 'dynamics365-connector/node';
import { openMirrorTarget, readMirrorStatus, type TableStatus } from 'dynamics365-connector-mirror';
import { formatDuration } from 'dynamics365-connector-worker';
import { withMirrorFile } from '../open-mirror.ts';
import { printTable } from '../print-table.ts';
import type { Terminal } from '../terminal.ts';
import type { MirrorCommandContext } from './mirror-command-context.ts';

/** So old changes mean that no mirror runs, or that it fails. */
const maxReadAgoMs = 15 * 60_000;

/** `d365 mirror status`: one line for each table. The exit code is 1 if one of them is not complete or not read for long. */
export async function printMirrorStatus(context: MirrorCommandContext): Promise<number> {
  const { terminal } = context;
  return await withMirrorFile(context, async ({ file, environment }) => {
    const target = await openMirrorTarget(file, environment);
    try {
      const tables = await readMirrorStatus(target, systemClock);
      if (terminal.json) for (const table of tables) terminal.printJson(table);
      else printTables(terminal, tables);
      return tables.length === 0 || tables.some(needsAttention) ? 1 : 0;
    } finally {
      await target.close();
    }
  });
}

function needsAttention({ phase, readAgoMs, isListed }: TableStatus): boolean {
  if (!isListed) return false;
  return phase !== 'follow' || readAgoMs > maxReadAgoMs;
}

function printTables(terminal: Terminal, tables: readonly TableStatus[]): void {
  if (tables.length === 0) return void terminal.printNote('no tables: no mirror has used this target yet');
  const rows = tables.map((table) => [
    table.table,
    needsAttention(table) ? terminal.style('yellow', table.phase) : terminal.style('green', table.phase),
    String(table.rows),
    `${formatDuration(table.readAgoMs)} ago`,
    table.comparedAgoMs === undefined ? '' : `${formatDuration(table.comparedAgoMs)} ago`,
    table.restores === 0 ? '' : String(table.restores),
  ]);
  printTable(terminal, ['table', 'state', 'rows', 'changes read', 'keys compared', 'restores'], rows);
  for (const { table, notes, goneColumns } of tables) {
    for (const note of notes) terminal.printNote(`${table}: ${note}`);
    if (goneColumns.length > 0)
      terminal.printNote(`${table}: no longer mirrored, with their last values: ${goneColumns.join(', ')}.`);
  }
}
