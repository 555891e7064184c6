import type { AddCommand } from './add-command.ts';

/** The command that runs triggers without a host, and its looks and levers. */
export function registerWorkerCommands(addCommand: AddCommand): void {
  addCommand(
    'worker [action] [subscription]',
    'run triggers and deliver their events: run, status, pause, resume',
    () => import('./commands/worker.ts'),
  )
    .option('--config <file>', 'connections and subscriptions (default: worker.yaml)')
    .option('--file <path>', 'where it keeps its state (default: worker.sqlite beside the connections)')
    .option('--postgres <url>', 'keep it in PostgreSQL instead, for workers on several machines')
    .option('--metrics <[host:]port>', 'serve OpenMetrics at /metrics (host: 127.0.0.1 unless told)')
    .option('--log <level>', 'debug, info, warn or error (default: info)')
    .option('--watch', 'status: show it again every two seconds')
    .option('--dead-letters', 'resume: deliver once more what was set aside')
    .addHelpText('after', workerExamples);
}

const workerExamples = `
Examples:
  d365 worker                                 run worker.yaml until Ctrl+C
  d365 worker --postgres postgres://d365@db/d365 --metrics 9464
  d365 worker status --watch
  d365 worker pause new-cases
  d365 worker resume new-cases --dead-letters

D365_POSTGRES says the same as --postgres, without showing a password in the list of processes; connections
and their tokens are shared through it, too.`;
