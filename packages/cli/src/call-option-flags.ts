import type { Command } from 'commander';
import type { RunOptions } from 'dynamics365-connector';
import {
  type CallOptionName,
  callOptionSchemas,
  omitUndefined,
  parseCallOptions,
} from 'dynamics365-connector/host';

/** The parsed flags of a call: `--key`, and one flag for each call option of the engine (`--as-user`). */
export interface CallOptionFlags extends Readonly<Partial<Record<CallOptionName, string | boolean>>> {
  readonly key?: string;
}

const callOptionNames = Object.keys(callOptionSchemas) as CallOptionName[];

/** Adds `--key` and the engine's call options to a command. */
export function addCallOptionFlags(command: Command): Command {
  command.option('--key <text>', 'idempotency key: repeating a call with the same key creates no second row');
  for (const name of callOptionNames) {
    const { type, description } = callOptionSchemas[name];
    command.option(`--${toKebabCase(name)}${valuePlaceholders[type] ?? ''}`, String(description));
  }
  return command;
}

const valuePlaceholders: Readonly<Record<string, string>> = { string: ' <text>', array: ' <list>' };

function toKebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The flags as options of `client.run`. Lists are separated by commas: `--bypass-logic sync,async`. */
export function toRunOptions(flags: CallOptionFlags): RunOptions {
  const options = callOptionNames.map((name) => [name, toOptionValue(name, flags[name])] as const);
  return { ...parseCallOptions(omitUndefined(Object.fromEntries(options))), idempotencyKey: flags.key };
}

function toOptionValue(name: CallOptionName, flag: string | boolean | undefined) {
  return typeof flag === 'string' && callOptionSchemas[name].type === 'array' ? flag.split(',') : flag;
}
