import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { createSeededRandom } from '../support/seeded-random.ts';
import { type Chance, createChance, type Hostile, hostileValue, spoil } from './hostile-values.ts';

/** A public function or method, with arguments that it accepts. */
export interface FuzzedFunction {
  readonly name: string;
  readonly call: (...values: never[]) => unknown;
  readonly good: readonly unknown[];
}

/** What is wrong with the outcome of a call. */
export interface FuzzProblem {
  readonly name: string;
  readonly call: string;
  readonly problem: string;
}

export interface FuzzOptions {
  readonly calls: number;
  readonly seed: number;
  /** How long a call of a function may take processor time, in milliseconds. */
  readonly maxBusyMs: (name: string) => number;
  /** How long a call may wait, in milliseconds. */
  readonly maxWaitMs: number;
  /** What a function may throw. */
  readonly isExpected: (error: unknown, name: string) => boolean;
  /** Told of each call before it is made, so that one that never ends can be named. */
  readonly onCall?: (call: string) => void;
}

/**
 * Calls functions with hostile arguments, each about equally often. Each outcome must be an answer or an expected error,
 * soon, without an unhandled rejection, and with the prototypes of the language as they were.
 */
export async function fuzzFunctions(
  functions: readonly FuzzedFunction[],
  options: FuzzOptions,
): Promise<readonly FuzzProblem[]> {
  const chance = createChance(createSeededRandom(options.seed));
  const problems: FuzzProblem[] = [];
  const unhandled: unknown[] = [];
  const record = (reason: unknown) => void unhandled.push(reason);
  const others = process.listeners('unhandledRejection');
  // Mocha's own would end the test.
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', record);
  try {
    for (let call = 0; call < options.calls; call += 1) {
      const target = functions[call % functions.length]!;
      const values = hostileArguments(target.good, chance);
      const described = values.map(({ what }) => what).join(', ');
      const add = (problem: string) => problems.push({ name: target.name, call: described, problem });
      options.onCall?.(`${target.name}(${described})`);
      const problem = await tryCall(target, values, options);
      if (problem !== undefined) add(problem);
      // A rejection is unhandled when the promises of this turn are done.
      await setImmediate();
      for (const reason of unhandled.splice(0)) add(`unhandled rejection: ${describe(reason)}`);
      for (const name of findPollution()) add(`changed the prototype: ${name}`);
    }
  } finally {
    process.off('unhandledRejection', record);
    for (const other of others) process.on('unhandledRejection', other);
  }
  return problems;
}

/** One argument is spoiled, or all are hostile, or some are missing. */
function hostileArguments(good: readonly unknown[], chance: Chance): readonly Hostile[] {
  const fine = good.map((value) => ({ what: 'good', value }));
  if (chance.below(10) === 0) return fine.slice(0, chance.below(good.length + 1));
  if (good.length === 0 || chance.below(10) === 0) {
    return Array.from({ length: Math.max(1, good.length) }, () => hostileValue(chance));
  }
  const at = chance.below(good.length);
  return fine.map((each, index) => (index === at ? spoil(each.value, chance) : each));
}

async function tryCall(
  { name, call }: FuzzedFunction,
  values: readonly Hostile[],
  { maxBusyMs, maxWaitMs, isExpected }: FuzzOptions,
): Promise<string | undefined> {
  const before = process.cpuUsage();
  const stop = new AbortController();
  try {
    const work = Promise.resolve(
      readAnswer(
        call,
        values.map(({ value }) => value as never),
      ),
    );
    const outcome = await Promise.race([work, sleep(maxWaitMs, hangs, { signal: stop.signal })]);
    if (outcome === hangs) return `does not end within ${maxWaitMs} ms`;
  } catch (error) {
    if (!isExpected(error, name)) return describe(error);
  } finally {
    stop.abort();
  }
  const { user, system } = process.cpuUsage(before);
  const busyMs = (user + system) / 1000;
  const limit = maxBusyMs(name);
  return busyMs > limit ? `takes more than ${limit} ms of processor time` : undefined;
}

const hangs = Symbol('hangs');

const maxItems = 5;

/** Waits for an answer, reads what can be iterated, and closes what is open. */
async function readAnswer(call: (...values: never[]) => unknown, values: readonly never[]): Promise<void> {
  const answer = call(...values);
  const isPromise = answer instanceof Promise;
  const value = isPromise ? await answer : answer;
  if (typeof value !== 'object' || value === null || values.includes(value as never)) return;
  if (isLazy(value)) {
    let count = 0;
    for await (const _ of value) if (++count === maxItems) break;
  }
  const { close } = value as { readonly close?: unknown };
  if (typeof close === 'function') await close.call(value);
}

/** A generator, or a list of rows: not an argument that came back. */
const isLazy = (value: object): value is AsyncIterable<unknown> =>
  Object.prototype.toString.call(value) === '[object AsyncGenerator]' || Object.hasOwn(value, 'pages');

function describe(error: unknown): string {
  try {
    const { stack } = error as Error;
    const lines = String(stack ?? error).split('\n');
    const own = lines.filter((line) => line.includes('/src/')).slice(0, 2);
    return [
      lines[0]?.slice(0, 200),
      ...own.map((line) => line.trim().replace(/\(?file:\/\/.*?\/(src|packages)\//, '($1/')),
    ].join(' ');
  } catch {
    return 'an error that cannot be read';
  }
}

const prototypes = {
  ...{ Object: Object.prototype, Array: Array.prototype, Function: Function.prototype },
  ...{ String: String.prototype, Promise: Promise.prototype, Error: Error.prototype, Map: Map.prototype },
};
const members = Object.values(prototypes).map((prototype) => Reflect.ownKeys(prototype).length);

function findPollution(): readonly string[] {
  return Object.entries(prototypes).flatMap(([name, prototype], index) =>
    Reflect.ownKeys(prototype).length === members[index] ? [] : [name],
  );
}
