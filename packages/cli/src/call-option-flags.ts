import type { Command } from 'commander';
import type { RunOptions } from 'dynamics365-connector';

/** What a call may ask for, as it is typed. */
export interface CallOptionFlags {
  readonly key?: string;
  readonly ifVersion?: string;
  readonly asUser?: string;
  readonly detectDuplicates?: boolean;
  readonly bypassPlugins?: boolean;
  readonly bypassLogic?: string;
  readonly bypassFlows?: boolean;
}

/** Adds the options of a call to a command. */
export function addCallOptionFlags(command: Command): Command {
  return command
    .option('--key <text>', 'idempotency key: the same key never creates a second row')
    .option('--if-version <version>', 'change or delete the row only if it still has this version')
    .option('--as-user <id>', 'in the name of a user, by Entra object id')
    .option('--detect-duplicates', 'let the duplicate rules refuse the write')
    .option('--bypass-plugins', 'pass over synchronous custom plug-ins')
    .option('--bypass-logic <kinds>', 'pass over custom logic: sync, async, or "sync,async"')
    .option('--bypass-flows', 'start no Power Automate flows');
}

/** The options as the engine takes, and checks, them. */
export function toRunOptions(flags: CallOptionFlags): RunOptions {
  const { key, ifVersion, asUser, bypassLogic, detectDuplicates, bypassPlugins, bypassFlows } = flags;
  return {
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(ifVersion === undefined ? {} : { ifVersion }),
    ...(asUser === undefined ? {} : { asUser }),
    ...(detectDuplicates === undefined ? {} : { detectDuplicates }),
    ...(bypassPlugins === undefined ? {} : { bypassPlugins }),
    ...(bypassLogic === undefined ? {} : { bypassLogic: bypassLogic.split(',') as ('sync' | 'async')[] }),
    ...(bypassFlows === undefined ? {} : { bypassFlows }),
  };
}
