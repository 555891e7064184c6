import {
  mirrorProcessSettings,
  openMirrorFile,
  runMirror,
  runMirrorOnce,
  type TableProgress,
} from 'dynamics365-connector-mirror';
import { withMirrorFile } from '../open-mirror.ts';
import { restartProcess } from '../restart-process.ts';
import { createStopSignal } from '../stop-signal.ts';
import type { Terminal } from '../terminal.ts';
import type { MirrorCommandContext } from './mirror-command-context.ts';

/** `d365 mirror`: keeps the tables equal until SIGINT or SIGTERM; with `--once` until all changes are read. */
export async function runMirrorCommand(context: MirrorCommandContext): Promise<number> {
  restartProcess(mirrorProcessSettings);
  const { terminal, options } = context;
  return await withMirrorFile(context, async ({ file, environment, log }) => {
    const opened = await openMirrorFile(file, environment);
    try {
      const progress = { ...opened, log, onProgress: createProgressPrinter(terminal) };
      const run = options.once === true ? runMirrorOnce : runMirror;
      await run(progress, createStopSignal());
      return 0;
    } finally {
      await opened.target.close();
    }
  });
}

/** Prints a line for each part of a load and when the state of a table changes; every beat only as JSON. */
function createProgressPrinter(terminal: Terminal): (progress: TableProgress) => void {
  const last = new Map<string, string>();
  return (progress) => {
    if (terminal.json) return void terminal.printJson(progress);
    const state = `${progress.phase} ${progress.error ?? ''}`;
    if (progress.phase !== 'load' && last.get(progress.table) === state) return;
    last.set(progress.table, state);
    terminal.printNote(describeProgress(progress));
  };
}

function describeProgress({ table, phase, loaded, expected, rowsPerSecond, error }: TableProgress): string {
  if (error !== undefined) return `${table}: failed (${error}); the next attempt follows`;
  const rows = `${loaded}${expected === undefined || expected < loaded ? '' : ` of about ${expected}`} rows`;
  if (phase === 'compare') return `${table}: ${rows} loaded, comparing keys`;
  if (phase === 'follow') return `${table}: complete, following changes`;
  const speed = rowsPerSecond === undefined ? '' : `, ${rowsPerSecond} rows/s`;
  const left =
    expected === undefined || !rowsPerSecond || expected <= loaded
      ? ''
      : `, about ${formatSeconds((expected - loaded) / rowsPerSecond)} left`;
  return `${table}: loading, ${rows}${speed}${left}`;
}

function formatSeconds(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
