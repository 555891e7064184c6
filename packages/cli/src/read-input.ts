import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ConnectorError, type Json, type JsonObject } from 'dynamics365-connector';

/** The flags of an input: `--input '{...}'`, `--input @file.json`, `--input -`, and `--set name=value`. */
export interface InputOptions {
  readonly input?: string;
  readonly set?: readonly string[];
}

/**
 * Reads the input of an operation. The value of `--set` is JSON if it parses as JSON, else text; a name with dots sets
 * a value inside an object. INPUT_INVALID if the input is not a JSON object.
 */
export async function readInput(options: InputOptions): Promise<JsonObject> {
  const source = await readInputText(options.input);
  const input = source === undefined ? {} : parseInput(source);
  for (const assignment of options.set ?? []) assignValue(input, assignment);
  return input as JsonObject;
}

async function readInputText(option: string | undefined): Promise<string | undefined> {
  if (option === '-') return await text(process.stdin);
  if (option?.startsWith('@') !== true) return option;
  const file = option.slice(1);
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('INPUT_INVALID', `The input file ${file} cannot be read (${error.code}).`);
  });
}

function parseInput(source: string): Record<string, Json> {
  try {
    const value = JSON.parse(source) as Json;
    if (isRecord(value)) return value;
  } catch (error) {
    throw new ConnectorError('INPUT_INVALID', `The input is not JSON: ${(error as Error).message}`);
  }
  throw new ConnectorError('INPUT_INVALID', 'The input must be a JSON object: {"name": value}.');
}

function assignValue(input: Record<string, Json>, assignment: string): void {
  const [, path = '', value = ''] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (path === '')
    throw new ConnectorError('INPUT_INVALID', `--set must be name=value, not "${assignment}".`);
  const names = path.split('.');
  const last = names.pop() ?? path;
  let target = input;
  for (const name of names) {
    if (!Object.hasOwn(target, name)) defineValue(target, name, {});
    const next = target[name];
    if (!isRecord(next)) {
      throw new ConnectorError('INPUT_INVALID', `--set ${assignment}: "${name}" is not an object.`);
    }
    target = next;
  }
  defineValue(target, last, parseJsonOrText(value));
}

function isRecord(value: Json | undefined): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** An assignment to `__proto__` would set the prototype instead of a property. */
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
