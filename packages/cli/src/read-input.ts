import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ConnectorError, type Json, type JsonObject } from 'dynamics365-connector';

/** Where an input may come from: `--input '{...}'`, `--input @file.json`, `--input -`, and `--set name=value`. */
export interface InputOptions {
  readonly input?: string;
  readonly set?: readonly string[];
}

/** The input as JSON. A `--set` value is JSON where it reads as JSON, text otherwise; a dotted name goes inside. */
export async function readInput(options: InputOptions): Promise<JsonObject> {
  const source = await readInputText(options.input);
  const input = source === undefined ? {} : parseInput(source);
  for (const assignment of options.set ?? []) assignValue(input, assignment);
  return input as JsonObject;
}

async function readInputText(option: string | undefined): Promise<string | undefined> {
  if (option === '-') return await text(process.stdin);
  if (option?.startsWith('@') !== true) return option;
  return await readFile(option.slice(1), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError(
      'INPUT_INVALID',
      `The input file ${option.slice(1)} cannot be read (${error.code}).`,
    );
  });
}

function parseInput(source: string): Record<string, Json> {
  try {
    const value = JSON.parse(source) as Json;
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Record<string, Json>;
  } catch (error) {
    throw new ConnectorError('INPUT_INVALID', `The input is not JSON: ${(error as Error).message}`);
  }
  throw new ConnectorError('INPUT_INVALID', 'The input must be a JSON object: {"name": value}.');
}

function assignValue(input: Record<string, Json>, assignment: string): void {
  const at = assignment.indexOf('=');
  if (at < 1) throw new ConnectorError('INPUT_INVALID', `--set takes name=value, not "${assignment}".`);
  const path = assignment.slice(0, at).split('.');
  const last = path.pop()!;
  let target = input;
  for (const step of path) {
    if (!Object.hasOwn(target, step)) defineValue(target, step, {});
    const next = target[step]!;
    if (next === null || typeof next !== 'object' || Array.isArray(next)) {
      throw new ConnectorError('INPUT_INVALID', `--set ${assignment}: "${step}" is not an object.`);
    }
    target = next as Record<string, Json>;
  }
  defineValue(target, last, parseJsonOrText(assignment.slice(at + 1)));
}

// defineProperty, since an assignment to `__proto__` would not make a property.
function defineValue(target: object, name: string, value: Json): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function parseJsonOrText(value: string): Json {
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
