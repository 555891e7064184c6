import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ConnectorError, type Json, type JsonObject, type JsonSchema } from 'dynamics365-connector';
import { parseExactJson } from 'dynamics365-connector/host';
import { readTypedValue } from './read-typed-value.ts';

/** The flags of an input: `--input '{...}'`, `--input @file.json`, `--input -`, and `--set name=value`. */
export interface InputOptions {
  readonly input?: string;
  readonly set?: readonly string[];
}

/** The schema of an operation's input, given what is known of the input so far. Read only if `--set` is used. */
export type FindInputSchema = (input: JsonObject) => JsonSchema | undefined | Promise<JsonSchema | undefined>;

/**
 * Reads the input of an operation. The type in the schema decides how the value of `--set` is read: digits are text for
 * a text, a number for a number. A name with dots sets a value inside an object. INPUT_INVALID if the input is not a
 * JSON object.
 */
export async function readInput(options: InputOptions, findSchema: FindInputSchema): Promise<JsonObject> {
  const source = await readInputText(options.input);
  const input = source === undefined ? {} : parseInput(source);
  const assignments = (options.set ?? []).map(splitAssignment);
  if (assignments.length === 0) return input as JsonObject;
  const named = Object.fromEntries(assignments.map(({ path, value }) => [path, value]));
  const schema = await findSchema({ ...named, ...input });
  for (const assignment of assignments) assignValue(input, assignment, schema);
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
    // A 64-bit number keeps its digits.
    const value = parseExactJson(source);
    if (isRecord(value)) return value;
  } catch (error) {
    throw new ConnectorError('INPUT_INVALID', `The input is not JSON: ${(error as Error).message}`);
  }
  throw new ConnectorError('INPUT_INVALID', 'The input must be a JSON object: {"name": value}.');
}

interface Assignment {
  readonly path: string;
  readonly value: string;
}

function splitAssignment(assignment: string): Assignment {
  const [, path = '', value = ''] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (path === '')
    throw new ConnectorError('INPUT_INVALID', `--set must be name=value, not "${assignment}".`);
  return { path, value };
}

function assignValue(
  input: Record<string, Json>,
  { path, value }: Assignment,
  schema: JsonSchema | undefined,
): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  let target = input;
  let targetSchema = schema;
  for (const name of names) {
    if (!Object.hasOwn(target, name)) defineValue(target, name, {});
    const next = target[name];
    if (!isRecord(next)) {
      throw new ConnectorError('INPUT_INVALID', `--set ${path}=${value}: "${name}" is not an object.`);
    }
    target = next;
    targetSchema = memberSchema(targetSchema, name);
  }
  defineValue(target, last, readTypedValue(value, memberSchema(targetSchema, last)));
}

function memberSchema(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  const properties = (schema?.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function isRecord(value: Json | undefined): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** An assignment to `__proto__` would set the prototype instead of a property. */
function defineValue(target: object, name: string, value: Json): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
