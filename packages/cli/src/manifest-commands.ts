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
    .option('--metadata <file>', 'also compare the manifest with a snapshot of an organization')
    .option('--fix', 'apply every fix that is certain, and report the rest')
    .option('--strict', 'exit with 1 on warnings too');
  addCommand(
    'build',
    'compile a manifest of your own, so that it is loaded without reading its YAML',
    () => import('./commands/build.ts'),
  )
    .addOption(new Option('--for <host>', 'also write an installable package for a host').choices(['n8n']))
    .option('--out <folder>', 'folder of that package (default: dist/n8n in the folder of the manifest)')
    .addHelpText('after', buildHelp);
  registerTest(addCommand);
  addCommand(
    'lsp',
    'language server for editors: diagnostics, completion, hover and quick fixes',
    () => import('./commands/lsp.ts'),
  );
  registerScaffolding(addCommand);
  registerExplainCode(addCommand);
}

/** Registers the command that explains a code. It reads the documentation of the package. */
function registerExplainCode(addCommand: AddCommand): void {
  addCommand(
    'explain-code <code>',
    'print the documentation of a code, without network: M103, INPUT_INVALID, 0x80040217, AADSTS50058',
    () => import('./commands/explain-code.ts'),
    { readsManifest: false },
  ).addHelpText('after', '\nExample:\n  d365 explain-code M103');
}

/** Registers the commands that write files of a manifest, and that which watches them. */
function registerScaffolding(addCommand: AddCommand): void {
  addCommand(
    'dev',
    'check a manifest whenever one of its files is saved, and test the operations of that file',
    () => import('./commands/dev.ts'),
  ).addHelpText('after', '\nExample:\n  d365 dev --manifest ./my-connector');
  addCommand(
    'new <kind> <name>',
    'write a connector that extends ours, or an action, trigger or table of one',
    () => import('./commands/new.ts'),
  ).addHelpText('after', newHelp);
  addCommand(
    'learn [tables...]',
    'write or update table files from the tables of an organization: custom tables, and custom columns of ours',
    () => import('./commands/learn.ts'),
  )
    .option('--metadata <file>', 'learn from a snapshot (`d365 metadata pull --all`), without network')
    .option('--connection <name>', 'a connection that `d365 connect` saved (default: the only one)')
    .addHelpText('after', learnHelp);
}

const newHelp = `
<kind> is connector, action, trigger or table. A file that exists is never overwritten.
Examples:
  d365 new connector contoso-service
  d365 new action case.escalate --manifest contoso-service
  d365 new table new_ticket --manifest contoso-service`;

const learnHelp = `
What you changed in a table file stays: it is compared with what was learned last, in schemas/learned.json. Keep that
file in version control.
Examples:
  d365 learn --manifest ./my-connector
  d365 learn new_ticket case --manifest ./my-connector --metadata contoso.jsonl`;

const buildHelp = `
A built manifest is loaded instead of its YAML. If the YAML, or that of a connector that it extends, has changed
since, it is refused until it is built again.
--for n8n needs the package n8n-nodes-dynamics365-customer-service, which has the nodes.
Examples:
  d365 build --manifest ./my-connector
  d365 build --manifest ./my-connector --for n8n --out ../n8n-nodes-my-connector`;

function registerTest(addCommand: AddCommand): void {
  addCommand(
    'test [pattern]',
    'run the contract tests of actions and triggers, without network',
    () => import('./commands/test.ts'),
  )
    .addOption(
      new Option('--format <format>', 'format of results')
        .choices(['text', 'junit', 'github'])
        .default('text'),
    )
    .option('--update', 'write what happened into the tests that fail')
    .option('--watch', 'run the tests again when a file changes')
    .addHelpText('after', '\nExample:\n  d365 test case.* --manifest ./my-connector');
}
