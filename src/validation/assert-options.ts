import { ConnectorError } from '../errors/connector-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { suggest } from '../errors/suggest.ts';
import { isJsonObject } from '../model/json.ts';

/** What the value of an option must be; `any` is checked where it is used. */
export type OptionType = 'text' | 'flag' | 'count' | 'function' | 'signal' | 'any';

/** What the options are for (`run`), their names and types, and the code of the error (INPUT_INVALID by default). */
export interface OptionsRule<Options> {
  readonly of: string;
  /** The compiler reports a name that is missing or unknown. */
  readonly types: Readonly<Record<keyof Required<Options>, OptionType>>;
  readonly code?: ErrorCode;
}

/**
 * A copy of the options of a public function. Rejects what is not an object, a member that cannot be read, an unknown
 * name (with the nearest known one), and a value of the wrong type.
 */
export function assertOptions<Options extends object>(
  options: Options | undefined,
  { of, types, code = 'INPUT_INVALID' }: OptionsRule<Options>,
): Options {
  if (options === undefined) return {} as Options;
  const copy = copyObject(options, `The options of ${of}`, code);
  const known: Readonly<Record<string, OptionType>> = types;
  for (const [name, value] of Object.entries(copy)) {
    const type = Object.hasOwn(known, name) ? known[name] : undefined;
    if (type === undefined) throw unknownOption(name, of, Object.keys(known), code);
    if (value === undefined) continue;
    const option = `Option "${name}" of ${of}`;
    if (!passes(checks[type], value))
      throw new ConnectorError(code, `${option} must be ${checks[type].name}.`);
    if (type === 'text') assertName(value, option, code);
  }
  return copy;
}

function unknownOption(name: string, of: string, known: readonly string[], code: ErrorCode): ConnectorError {
  const [nearest] = suggest(name, known, 1);
  const next = nearest === undefined ? `Known options: ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  return new ConnectorError(code, `Option "${name}" of ${of} is unknown. ${next}`, { advice: next });
}

/** False also for a value that throws when it is read. */
function passes(check: OptionCheck, value: unknown): boolean {
  try {
    return check.test(value);
  } catch {
    return false;
  }
}

interface OptionCheck {
  readonly name: string;
  test(value: unknown): boolean;
}

const checks: Readonly<Record<OptionType, OptionCheck>> = {
  text: { name: 'a string', test: (value) => typeof value === 'string' },
  flag: { name: 'true or false', test: (value) => typeof value === 'boolean' },
  count: {
    name: 'a whole number of at least 1',
    test: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  },
  function: { name: 'a function', test: (value) => typeof value === 'function' },
  signal: {
    name: 'an AbortSignal',
    // Work that waits for what only looks like one would never end.
    test: (value) => value instanceof AbortSignal,
  },
  any: { name: 'anything', test: () => true },
};

/** A shallow copy of an object; rejects other values and objects whose members cannot be read. */
export function copyObject<T extends object>(value: T, name: string, code: ErrorCode = 'INPUT_INVALID'): T {
  let copy: T | undefined;
  try {
    if (isJsonObject(value)) copy = { ...value };
  } catch {
    throw new ConnectorError(code, `${name} cannot be read.`);
  }
  if (copy === undefined) throw new ConnectorError(code, `${name} must be an object.`);
  if (hasMethods(value, 'then')) throw new ConnectorError(code, `${name} is a promise: await it.`);
  return copy;
}

/** Whether a value has these methods, also for a value that throws when it is read. */
export function hasMethods(value: unknown, ...names: readonly (string | symbol)[]): boolean {
  try {
    const object = value as Readonly<Record<string | symbol, unknown>> | null | undefined;
    return names.every((name) => typeof object?.[name] === 'function');
  } catch {
    return false;
  }
}

/** Rejects a value that is not a string. */
export function assertText(value: unknown, name: string, code: ErrorCode = 'INPUT_INVALID'): string {
  if (typeof value === 'string') return value;
  throw new ConnectorError(code, `${name} must be a string.`);
}

/** Rejects a value that is not a text which UTF-8 can carry: a name that becomes part of a key or an address. */
export function assertName(value: unknown, name: string, code: ErrorCode = 'INPUT_INVALID'): string {
  const text = assertText(value, name, code);
  if (text.isWellFormed()) return text;
  throw new ConnectorError(code, `${name} has half of a character (a lone surrogate).`);
}

/** Rejects a value that is not a whole number of at least 1. */
export function assertCount(value: number, name: string): number {
  if (checks.count.test(value)) return value;
  throw new ConnectorError('INPUT_INVALID', `${name} must be ${checks.count.name}.`);
}

/**
 * Rejects what a server cannot listen on. Node.js takes a function in the place of the host for a listener, and calls it.
 */
export function assertListenAddress(host: unknown, port: unknown): void {
  assertText(host, 'The host of a server', 'SETTING_INVALID');
  if (Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535) return;
  throw new ConnectorError(
    'SETTING_INVALID',
    'The port of a server must be a whole number from 0 to 65,535.',
  );
}

/** Rejects a value that is not an AbortSignal. */
export function assertSignal(value: unknown, name: string): void {
  if (passes(checks.signal, value)) return;
  throw new ConnectorError('INPUT_INVALID', `${name} must be ${checks.signal.name}.`);
}

/** Rejects a value that is not a function. */
export function assertFunction(value: unknown, name: string, code: ErrorCode = 'INPUT_INVALID'): void {
  if (typeof value !== 'function') throw new ConnectorError(code, `${name} must be a function.`);
}
