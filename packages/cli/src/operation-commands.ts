import type { Command } from 'commander';
import type { AddCommand } from './add-command.ts';

/** Registers the commands that run, list, poll and explain actions and triggers. */
export function registerOperationCommands(addCommand: AddCommand): void {
  const run = addCommand('run <action>', 'run an action', () => import('./commands/run.ts'));
  addConnectionOption(addInputOptions(run)).addHelpText('after', runExample);
  const list = addCommand('list <action>', 'list rows over all pages', () => import('./commands/list.ts'));
  addConnectionOption(addInputOptions(list)).addHelpText('after', listExample);
  const poll = addCommand(
    'poll <trigger>',
    'print the items since the last poll',
    () => import('./commands/poll.ts'),
  );
  addConnectionOption(addInputOptions(poll))
    .option(
      '--checkpoint <file>',
      'file with the checkpoint (default: .d365/<organization>/<trigger>.checkpoint.json)',
    )
    .option('--watch', 'poll until interrupted');
  const explain = addCommand(
    'explain <action>',
    'print the request without sending it',
    () => import('./commands/explain.ts'),
  );
  addInputOptions(explain).option('--org <url>', 'environment URL to print');
}

function addInputOptions(command: Command): Command {
  const collect = (value: string, previous: readonly string[] = []) => [...previous, value];
  return command
    .option('--input <json>', 'the input: JSON, @file.json, or - for standard input')
    .option('--set <name=value>', 'one value of the input, JSON or else text; can be repeated', collect);
}

function addConnectionOption(command: Command): Command {
  return command
    .option('--connection <name>', 'a connection that `d365 connect` saved (default: the only one)')
    .addHelpText('after', `\n${connectionHelp}`);
}

const runExample =
  '\nExample:\n  d365 run case.create --set title="Printer does not print" --set priority=high';
const listExample = '\nExample:\n  d365 list case.list --set state=active --json | jq .title';

const connectionHelp = `Without --connection, scripts and containers can set:
  D365_ORG_URL          https://yourorg.crm.dynamics.com
  D365_ACCESS_TOKEN     an access token, or
  D365_TENANT, D365_CLIENT_ID, D365_CLIENT_SECRET   the values of an app registration`;
