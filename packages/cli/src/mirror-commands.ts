import type { AddCommand } from './add-command.ts';

/** Registers `d365 mirror`. */
export function registerMirrorCommands(addCommand: AddCommand): void {
  addCommand(
    'mirror [action] [table]',
    'keep tables equal to the organization in SQLite, PostgreSQL, DuckDB or Parquet: run, status, verify',
    () => import('./commands/mirror.ts'),
  )
    .option('--config <file>', 'file with connection, target and tables (default: mirror.yaml)')
    .option('--once', 'run: end when all changes are read, for example in a cron job')
    .option('--log <level>', 'debug, info, warn or error (default: warn)')
    .option('--repair', 'verify: read rows that differ again and write them')
    .option('--cells', 'verify: compare every cell, which reads all rows')
    .addHelpText('after', mirrorExamples);
}

const mirrorExamples = `
Examples:
  d365 mirror                       run mirror.yaml until Ctrl+C
  d365 mirror --once                read all changes, then end
  d365 mirror status                rows, age and state of each table
  d365 mirror verify --repair       compare keys, versions and stored hashes
  d365 mirror verify account --cells

status and verify exit with 1 if a table fails or differs.`;
