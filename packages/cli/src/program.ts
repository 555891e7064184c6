import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import type { AddCommand, CommandHandler } from './add-command.ts';
import type { CommonOptions } from './commands/command-context.ts';
import { registerConnectionCommands } from './connection-commands.ts';
import { exitCodeHelp } from './exit-codes.ts';
import { helpWidthOf } from './help-width.ts';
import { registerManifestCommands } from './manifest-commands.ts';
import { registerMcpCommand } from './mcp-command.ts';
import { registerMirrorCommands } from './mirror-commands.ts';
import { registerOperationCommands } from './operation-commands.ts';
import { registerQueryCommands } from './query-commands.ts';
import { registerSandboxCommands } from './sandbox-commands.ts';
import { registerServiceCommands } from './service-commands.ts';
import { createTerminal, type Terminal, type TerminalStreams } from './terminal.ts';
import { registerWorkerCommands } from './worker-commands.ts';

// package.json is one folder up from both src and dist.
const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };

/** The program `d365`. */
export interface Program {
  /** Runs a command line (without `node d365`) and returns the exit code. */
  run(argv: readonly string[]): Promise<number>;
}

const manifestOptionHelp =
  'folder of a manifest of your own (default: the variable D365_MANIFEST, or the manifest of the package)';

/** Creates the program over two streams. It imports the module of a command when the command runs. */
export function createProgram(streams: TerminalStreams): Program {
  const state = { exitCode: 0 };
  const command = createRootCommand(streams);
  const addCommand: AddCommand = (usage, description, load, { readsManifest } = { readsManifest: true }) => {
    const added = command
      .command(usage)
      .description(description)
      .option('--json', 'print JSON instead of tables and color');
    if (readsManifest) added.option('--manifest <folder>', manifestOptionHelp);
    return added.action(async (...received: unknown[]) => {
      const subcommand = received.pop() as Command;
      const options = withManifest(subcommand.opts() as CommonOptions, readsManifest);
      const terminal = createTerminal(streams, { json: options.json === true });
      state.exitCode = await runHandler(load, terminal, subcommand.args, options as never);
    });
  };
  registerOperationCommands(addCommand);
  registerManifestCommands(addCommand);
  registerConnectionCommands(addCommand);
  registerWorkerCommands(addCommand);
  registerMirrorCommands(addCommand);
  registerQueryCommands(addCommand);
  registerMcpCommand(addCommand);
  registerServiceCommands(addCommand);
  registerSandboxCommands(addCommand);
  addCommand(
    'completion <shell>',
    'print the script that completes words in bash, zsh or fish',
    () => import('./commands/completion.ts'),
    { readsManifest: false },
  ).addHelpText('after', '\nExample, in ~/.bashrc:\n  source <(d365 completion bash)');
  return {
    async run(argv) {
      if (argv[0] === completeCommand) return await printCandidates(streams, command, argv.slice(1));
      if (argv.includes('run')) await addRunFlags(command);
      try {
        await command.parseAsync([...argv], { from: 'user' });
        return state.exitCode;
      } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
        throw error;
      }
    },
  };
}

/** What the scripts of `d365 completion` call: the shell, then the words of the command line. */
const completeCommand = '__complete';

async function printCandidates(
  { stdout }: TerminalStreams,
  command: Command,
  [shell, ...words]: readonly string[],
): Promise<number> {
  const { completeWords } = await import('./complete-words.ts');
  if (words.includes('run')) await addRunFlags(command);
  const candidates = await completeWords(command, words);
  // bash replaces only what follows the equals sign.
  const afterEquals = shell === 'bash' && (words.at(-2) === '=' || words.at(-1) === '=');
  const texts = candidates.map((text) => (afterEquals ? text.slice(text.indexOf('=') + 1) : text));
  if (texts.length > 0) stdout.write(`${texts.join('\n')}\n`);
  return 0;
}

/** The manifest of the command line, or of the variable: every command uses the same one. */
function withManifest(options: CommonOptions, readsManifest: boolean): CommonOptions {
  if (!readsManifest || options.manifest !== undefined) return options;
  return { ...options, manifest: process.env.D365_MANIFEST || undefined };
}

function createRootCommand({ stdout, stderr }: TerminalStreams): Command {
  return new Command('d365')
    .description(
      'Dynamics 365 Customer Service from the command line: actions, triggers, and a sandbox on this machine.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => helpWidthOf(stdout),
      getErrHelpWidth: () => helpWidthOf(stderr),
    })
    .addHelpText('after', `\n${exitCodeHelp}`)
    .showHelpAfterError('(d365 --help lists the commands)');
}

/** The flags of `run` come from the engine, which takes too long to import for `d365 --help`. */
async function addRunFlags(command: Command): Promise<void> {
  const { addCallOptionFlags } = await import('./call-option-flags.ts');
  for (const subcommand of command.commands) if (subcommand.name() === 'run') addCallOptionFlags(subcommand);
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
