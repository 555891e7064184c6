import type { AddCommand } from './add-command.ts';

/** Registers the commands that start a sandbox. */
export function registerSandboxCommands(addCommand: AddCommand): void {
  addCommand(
    'sandbox',
    'start a sandbox: an organization on this machine for development and tests',
    () => import('./commands/sandbox.ts'),
    { readsManifest: false },
  )
    .option(
      '--port <number>',
      'first of three ports: authority, discovery, organization (default: free ports)',
    )
    .option('--file <path>', 'keep the data in this file (default: in memory)')
    .option('--empty', 'start without sample rows')
    .option(
      '--seed <number>',
      'the same seed gives the same ids, sample rows, secrets and tokens (default: 1)',
    );
  addCommand(
    'demo',
    'run actions and a trigger against a sandbox, step by step',
    () => import('./commands/demo.ts'),
  );
}
