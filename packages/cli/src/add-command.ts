import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** Runs a command and returns the exit code. Throws ConnectorErrors. */
export type CommandHandler = (context: {
  readonly terminal: Terminal;
  readonly args: readonly string[];
  readonly options: never;
}) => Promise<number>;

/**
 * Registers a command. `load` imports its module when the command runs, so that other commands start faster. A command
 * that reads no manifest rejects `--manifest`.
 */
export type AddCommand = (
  usage: string,
  description: string,
  load: () => Promise<{ default: CommandHandler }>,
  settings?: { readonly readsManifest: boolean },
) => Command;
