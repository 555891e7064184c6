import type { Command } from 'commander';
import { loadConnector } from 'dynamics365-connector';
import { describeOperation, runtimeOf } from 'dynamics365-connector/host';
import { openConnectionStore } from 'dynamics365-connector/node';
import { completionScripts } from './completion-scripts.ts';

/** The words of a command line after `d365`; the last one is to be completed, and can be empty. */
export type CommandWords = readonly string[];

/**
 * The candidates for the last word of a command line: commands, options, ids of actions and triggers, inputs and their
 * choices, columns, tables and connections. Nothing is read from an organization.
 */
export async function completeWords(program: Command, given: CommandWords): Promise<readonly string[]> {
  const words = joinAssignments(given);
  const current = words.at(-1) ?? '';
  const [name, ...rest] = words;
  const command = program.commands.find((one) => one.name() === name);
  if (command === undefined || words.length < 2)
    return startingWith(
      program.commands.map((one) => one.name()),
      current,
    );
  const previous = rest.at(-2) ?? '';
  const values = await valuesAfter(previous, { words, manifest: optionValue(words, '--manifest') });
  if (values !== undefined) return startingWith(values, current);
  if (current.startsWith('-'))
    return startingWith(
      command.options.flatMap(({ long }) => long ?? []),
      current,
    );
  return rest.length === 1 ? startingWith(await argumentsOf(command.name(), words), current) : [];
}

/** bash splits a word at "=": `--set`, `priority`, `=`, `hi`. */
function joinAssignments(words: CommandWords): CommandWords {
  const joined: string[] = [];
  for (const word of words) {
    const isPart = word === '=' || joined.at(-1)?.endsWith('=') === true;
    if (isPart && joined.length > 1) joined.push(`${joined.pop()}${word}`);
    else joined.push(word);
  }
  return joined;
}

function startingWith(candidates: readonly string[], text: string): readonly string[] {
  return candidates.filter((candidate) => candidate.startsWith(text)).toSorted();
}

interface WordContext {
  readonly words: CommandWords;
  readonly manifest: string | undefined;
}

async function valuesAfter(option: string, context: WordContext): Promise<readonly string[] | undefined> {
  if (option === '--connection') return await connectionNames();
  if (option === '--set') return await assignments(context);
  if (option === '--columns') return (await viewOf(context))?.answer.columns.map(({ name }) => name) ?? [];
  return undefined;
}

function optionValue(words: CommandWords, option: string): string | undefined {
  const at = words.indexOf(option);
  return (at === -1 ? undefined : words[at + 1]) ?? process.env.D365_MANIFEST ?? undefined;
}

async function connectionNames(): Promise<readonly string[]> {
  const connections = await openConnectionStore();
  const names = (await connections.list()).map(({ name }) => name);
  connections.close();
  return names;
}

async function definitionOf({ manifest }: Pick<WordContext, 'manifest'>) {
  return runtimeOf(await loadConnector({ manifest })).definition;
}

async function viewOf(context: WordContext) {
  const definition = await definitionOf(context);
  const id = context.words[1] ?? '';
  const operation = definition.actions[id] ?? definition.triggers[id];
  return operation && describeOperation(definition, operation);
}

/** `priority=`, or after the equals sign `priority=high`. */
async function assignments(context: WordContext): Promise<readonly string[]> {
  const fields = (await viewOf(context))?.fields ?? [];
  const [name = '', ...value] = (context.words.at(-1) ?? '').split('=');
  if (value.length === 0) return fields.map((field) => `${field.name}=`);
  const { enum: own, anyOf } = (fields.find((field) => field.name === name)?.schema ?? {}) as {
    readonly enum?: readonly unknown[];
    readonly anyOf?: readonly { readonly enum?: readonly unknown[] }[];
  };
  const choices = own ?? anyOf?.flatMap((branch) => branch.enum ?? []) ?? [];
  return choices.map((choice) => `${name}=${String(choice)}`);
}

async function argumentsOf(command: string, words: CommandWords): Promise<readonly string[]> {
  const manifest = optionValue(words, '--manifest');
  if (['use', 'disconnect', 'check-connection', 'orgs', 'connect'].includes(command))
    return await connectionNames();
  if (command === 'completion') return Object.keys(completionScripts);
  const isOperation = ['run', 'list', 'explain', 'describe', 'poll', 'test', 'open', 'query'].includes(
    command,
  );
  if (!isOperation) return [];
  const { actions, triggers, tables } = await definitionOf({ manifest });
  if (command === 'open' || command === 'query') return Object.keys(tables);
  if (command === 'poll') return Object.keys(triggers);
  if (command === 'list')
    return Object.values(actions)
      .filter(({ pagination }) => pagination !== undefined)
      .map(({ id }) => id);
  return command === 'describe' || command === 'test'
    ? [...Object.keys(actions), ...Object.keys(triggers)]
    : Object.keys(actions);
}
