import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** What carries a command out; answers the exit code. */
export type CommandHandler = (context: {
  readonly terminal: Terminal;
  readonly args: readonly string[];
  readonly options: never;
}) => Promise<number>;

/** Adds a command: how it is typed, what it is for, and where its code is found when it is wanted. */
export type AddCommand = (
  usage: string,
  description: string,
  load: () => Promise<{ default: CommandHandler }>,
) => Command;
