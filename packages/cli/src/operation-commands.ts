import type { Command } from 'commander';
import type { AddCommand } from './add-command.ts';
import { collectValue } from './collect-value.ts';

/** Registers the commands that run, list, poll and explain actions and triggers. */
export function registerOperationCommands(addCommand: AddCommand): void {
  const run = addCommand('run <action>', 'run an action', () => import('./commands/run.ts')).option(
    '--yes',
    'do not ask before an action that deletes data',
  );
  addConnectionOption(addRowOptions(addInputOptions(run))).addHelpText('after', runExample);
  const list = addCommand('list <action>', 'list rows over all pages', () => import('./commands/list.ts'));
  addConnectionOption(addRowOptions(addInputOptions(list))).addHelpText('after', listExample);
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
    .option('--watch', 'poll until interrupted')
    .option('--resume', 'continue after LOOP_DETECTED');
  addCommand(
    'open <table> <id>',
    'open a row in the browser, by its id or number',
    () => import('./commands/open.ts'),
  )
    .option('--connection <name>', connectionDescription)
    .addHelpText('after', '\nExample:\n  d365 open case CAS-01001-A1B2C3');
  const record = addCommand(
    'record <action>',
    'run an action of your own manifest, and add the call to its file as a contract test without personal data',
    () => import('./commands/record.ts'),
  );
  addConnectionOption(addInputOptions(record))
    .option('--name <text>', 'what the test promises (default: that the action succeeds, or its error)')
    .addHelpText('after', recordExample);
  const explain = addCommand(
    'explain <action>',
    'print the request without sending it',
    () => import('./commands/explain.ts'),
  );
  addInputOptions(explain).option('--org <url>', 'environment URL to print');
}

function addInputOptions(command: Command): Command {
  return command
    .option('--input <json>', 'the input: JSON, @file.json, or - for standard input')
    .option(
      '--set <name=value>',
      'one value of the input, read by its type: text, a number or JSON; can be repeated',
      collectValue,
    )
    .showHelpAfterError('(an input is given by --set name=value; d365 describe <id> lists the inputs)');
}

/** How a command prints rows. */
export function addRowOptions(command: Command): Command {
  return command
    .option('--columns <names>', 'columns to print, separated by commas: number,title,customer.id')
    .option('--csv', 'print comma-separated values');
}

function addConnectionOption(command: Command): Command {
  return command
    .option('--connection <name>', connectionDescription)
    .option('--verbose', 'print each request to standard error: method, path without ids, status, time')
    .addHelpText('after', `\n${connectionHelp}`);
}

/** The help of `--connection`. */
export const connectionDescription =
  'a connection that `d365 connect` saved (default: that of `d365 use`, or the only one)';

const runExample =
  '\nExample:\n  d365 run case.create --set title="Printer does not print" --set priority=high';
const recordExample = `
The action really runs. Texts, ids and dates without a time are replaced in the input and in the responses.
Example:
  d365 record visit.open --manifest . --connection sandbox --set title=Kettle`;
const listExample = `
Examples:
  d365 list case.list --set state=active --columns number,title,customer
  d365 list case.list --set state=active --json | jq .title
  d365 list account.list --csv > accounts.csv`;

const connectionHelp = `Without --connection, scripts and containers can set:
  D365_ORG_URL          https://yourorg.crm.dynamics.com
  D365_ACCESS_TOKEN     an access token, or
  D365_TENANT, D365_CLIENT_ID, D365_CLIENT_SECRET   the values of an app registration
  D365_CLIENT_SECRET_FROM             or the address of its secret in a secret manager`;
