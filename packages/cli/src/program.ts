import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import type { AddCommand, CommandHandler } from './add-command.ts';
import { addCallOptionFlags } from './call-option-flags.ts';
import type { CommonOptions } from './commands/command-context.ts';
import { registerConnectionCommands } from './connection-commands.ts';
import { exitCodeHelp } from './exit-codes.ts';
import { registerMcpCommand } from './mcp-command.ts';
import { registerQueryCommands } from './query-commands.ts';
import { createTerminal, type Terminal, type TerminalStreams } from './terminal.ts';
import { registerWorkerCommands } from './worker-commands.ts';

// The package's own file lies one folder up from src and from dist alike.
const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };

/** What people type. `run` answers the exit code; commands load only what they need. */
export function createProgram(streams: TerminalStreams): { run(argv: readonly string[]): Promise<number> } {
  const state = { exitCode: 0 };
  const program = new Command('d365')
    .description(
      'Dynamics 365 Customer Service from the command line: actions, triggers, a local organization.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
    })
    .addHelpText('after', `\n${exitCodeHelp}`)
    .showHelpAfterError('(d365 --help lists the commands)');

  const addCommand = (
    usage: string,
    description: string,
    load: () => Promise<{ default: CommandHandler }>,
  ): Command =>
    program
      .command(usage)
      .description(description)
      .option('--json', 'print JSON instead of tables and color')
      .option(
        '--manifest <folder>',
        'folder of connector.yaml, actions/, triggers/, schemas/ (default: our own)',
      )
      .action(async (...received: unknown[]) => {
        const command = received.pop() as Command;
        const options = command.opts() as CommonOptions;
        const terminal = createTerminal(streams, { json: options.json === true });
        state.exitCode = await runHandler(load, terminal, command.args, options as never);
      });

  registerCommands(addCommand);
  return {
    async run(argv) {
      try {
        await program.parseAsync([...argv], { from: 'user' });
        return state.exitCode;
      } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
        throw error;
      }
    },
  };
}

async function runHandler(
  load: () => Promise<{ default: CommandHandler }>,
  terminal: Terminal,
  args: readonly string[],
  options: never,
): Promise<number> {
  try {
    return await (await load()).default({ terminal, args, options });
  } catch (error) {
    const { printError } = await import('./print-error.ts');
    return printError(terminal, error);
  }
}

function registerCommands(addCommand: AddCommand): void {
  const collect = (value: string, previous: readonly string[] = []) => [...previous, value];
  const withInput = (command: Command) =>
    command
      .option('--input <json>', 'the input: JSON, @file.json, or - for standard input')
      .option(
        '--set <name=value>',
        'one value of the input, as JSON where it reads as JSON, else text; may be repeated',
        collect,
      );
  const withConnection = (command: Command) =>
    command
      .option('--connection <name>', 'a connection made with `d365 connect` (default: the only one)')
      .addHelpText('after', `\n${connectionHelp}`);

  const run = addCommand('run <action>', 'run an action', () => import('./commands/run.ts'));
  addCallOptionFlags(withConnection(withInput(run))).addHelpText(
    'after',
    '\nExample:\n  d365 run case.create --set title="Printer on fire" --set priority=high',
  );
  withConnection(
    withInput(addCommand('list <action>', 'list rows over all pages', () => import('./commands/list.ts'))),
  ).addHelpText('after', '\nExample:\n  d365 list case.list --set state=active --json | jq .title');
  withConnection(
    withInput(
      addCommand(
        'poll <trigger>',
        'report what is new since the last time',
        () => import('./commands/poll.ts'),
      ),
    ),
  )
    .option(
      '--checkpoint <file>',
      'where the place is kept between calls (default: .d365/<organization>/<trigger>.checkpoint.json)',
    )
    .option('--watch', 'go on polling until interrupted');
  withInput(
    addCommand(
      'explain <action>',
      'print the exact request, without sending it',
      () => import('./commands/explain.ts'),
    ),
  ).option('--org <url>', 'environment URL to show');
  addCommand(
    'describe [operation]',
    'what the connector can do',
    () => import('./commands/describe.ts'),
  ).option('--expanded', 'the full YAML sentence, families written out');
  addCommand(
    'check',
    'check a manifest: every fault at once, with its place and fix',
    () => import('./commands/check.ts'),
  )
    .addOption(
      new Option('--format <form>', 'how faults are printed')
        .choices(['text', 'json', 'github'])
        .default('text'),
    )
    .option('--metadata <file>', 'hold it against a snapshot of an organization, too');
  addCommand(
    'test [only]',
    'run contract tests and free tests, without network',
    () => import('./commands/test.ts'),
  ).addHelpText('after', '\nExample:\n  d365 test case.* --manifest ./my-connector');
  registerConnectionCommands(addCommand);
  registerWorkerCommands(addCommand);
  registerQueryCommands(addCommand);
  registerMcpCommand(addCommand);
  addCommand(
    'sandbox',
    'start a local organization to develop and test against',
    () => import('./commands/sandbox.ts'),
  )
    .option('--port <number>', 'first of three: authority, discovery, organization (default: any free ones)')
    .option('--file <path>', 'keep the data in this file (default: in memory)')
    .option('--empty', 'no sample data');
  addCommand(
    'demo',
    'watch the whole connector at work on a local organization',
    () => import('./commands/demo.ts'),
  );
}

const connectionHelp = `Without --connection, scripts and containers may set:
  D365_ORG_URL          https://yourorg.crm.dynamics.com
  D365_ACCESS_TOKEN     a token you already have, or
  D365_TENANT, D365_CLIENT_ID, D365_CLIENT_SECRET   an application user's`;
