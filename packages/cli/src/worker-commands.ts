import type { AddCommand } from './add-command.ts';
import { collectValue } from './collect-value.ts';

/** Registers `d365 worker`. */
export function registerWorkerCommands(addCommand: AddCommand): void {
  addCommand(
    'worker [action] [names...]',
    'run triggers and deliver their events: run, status, pause, resume, dead-letters, push',
    () => import('./commands/worker.ts'),
  )
    .option('--config <file>', 'file with connections and subscriptions (default: worker.yaml)')
    .option('--file <path>', 'SQLite file with the state (default: worker.sqlite beside the connections)')
    .option('--postgres <url>', 'keep the state in PostgreSQL, for workers on several machines')
    .option('--metrics <[host:]port>', 'serve OpenMetrics at /metrics (default host: 127.0.0.1)')
    .option('--log <level>', 'debug, info, warn or error (default: info)')
    .option('--watch', 'status: refresh every two seconds')
    .option('--all', 'dead-letters replay, forget: all of them')
    .option('--reread', 'dead-letters replay: with the row as it is now')
    .option('--as <connection>', 'push: with a saved connection of a user who may register webhooks')
    .addHelpText('after', workerExamples);
  addCommand(
    'forget <table> <id>',
    'remove a row from events, feeds and stored answers, for a request to erase personal data',
    () => import('./commands/forget.ts'),
    { readsManifest: false },
  )
    .option('--file <path>', 'SQLite file of the worker (default: worker.sqlite beside the connections)')
    .option('--postgres <url>', 'the worker keeps its state in PostgreSQL')
    .option(
      '--state <file>',
      'SQLite file of another host, such as dynamics365/state.sqlite of Node-RED; repeatable',
      collectValue,
    )
    .option('--mirror <file>', 'a mirror.yaml: the row is removed from its target; repeatable', collectValue)
    .addHelpText('after', forgetHelp);
}

const forgetHelp = `
Delete the row in Dynamics 365 first: a row that exists is read again.
Example:
  d365 forget contact 8d1f0c7a-5b1e-4c39-9d55-0a3c1c5d7e90`;

const workerExamples = `
Examples:
  d365 worker                                 run worker.yaml until Ctrl+C
  d365 worker --postgres postgres://d365@db/d365 --metrics 9464
  d365 worker status --watch
  d365 worker pause new-cases
  d365 worker resume new-cases
  d365 worker dead-letters list new-cases
  d365 worker dead-letters replay 17 18 --reread
  d365 worker dead-letters forget --all
  d365 worker push status
  d365 worker push repair --as contoso-admin
  d365 worker push remove

status exits with 1 if a subscription fails, is stalled, or is paused by an error, or if webhooks are missed. push
status exits with 1 if webhooks are not registered as they must be.

D365_POSTGRES replaces --postgres and keeps the password out of the list of processes. Connections and their
tokens are then shared through PostgreSQL too.`;
