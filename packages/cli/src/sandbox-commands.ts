import type { AddCommand } from './add-command.ts';

/** Registers the commands that start a sandbox. */
export function registerSandboxCommands(addCommand: AddCommand): void {
  addCommand(
    'sandbox',
    'start a sandbox: an organization on this machine for development and tests',
    () => import('./commands/sandbox.ts'),
  )
    .option(
      '--port <number>',
      'first of three ports: authority, discovery, organization (default: free ports)',
    )
    .option('--file <path>', 'keep the data in this file (default: in memory)')
    .option('--empty', 'start without sample rows')
    .option('--metadata <file>', 'add the tables and columns of a snapshot (`d365 metadata pull`)')
    .option(
      '--seed <number>',
      'the same seed gives the same ids, sample rows, secrets and tokens (default: 1)',
    )
    .option(
      '--assume <name=reading...>',
      'the reading of a fact that nobody could confirm, for example versionFilter=refused',
    );
  addCommand(
    'demo',
    'run actions and a trigger against a sandbox, step by step',
    () => import('./commands/demo.ts'),
  );
}
