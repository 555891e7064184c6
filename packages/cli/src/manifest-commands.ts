import { Option } from 'commander';
import type { AddCommand } from './add-command.ts';

/** Registers the commands for authors of actions and triggers. */
export function registerManifestCommands(addCommand: AddCommand): void {
  addCommand(
    'describe [operation]',
    'list all actions and triggers, or print the input of one',
    () => import('./commands/describe.ts'),
  ).option('--expanded', 'print the YAML file of the operation with its template written out');
  addCommand(
    'check',
    'check a manifest: print all diagnostics with position and fix',
    () => import('./commands/check.ts'),
  )
    .addOption(
      new Option('--format <format>', 'format of diagnostics')
        .choices(['text', 'json', 'github'])
        .default('text'),
    )
    .option('--metadata <file>', 'also compare the manifest with a snapshot of an organization');
  addCommand(
    'test [pattern]',
    'run the contract tests of actions and triggers, without network',
    () => import('./commands/test.ts'),
  ).addHelpText('after', '\nExample:\n  d365 test case.* --manifest ./my-connector');
}
