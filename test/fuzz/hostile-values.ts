/** Random numbers and choices of one run; the same seed makes the same calls. */
export interface Chance {
  below(count: number): number;
  pick<T>(items: readonly T[]): T;
}

export function createChance(random: () => number): Chance {
  const below = (count: number) => Math.floor(random() * count);
  return { below, pick: (items) => items[below(items.length)]! };
}

const fail = (): never => {
  throw new TypeError('a trap of the caller');
};

/** Every operation on it throws. */
const trap = () =>
  new Proxy(
    {},
    Object.fromEntries(
      ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'set', 'deleteProperty'].map(
        (name) => [name, fail],
      ),
    ),
  );

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function cycle(): object {
  const value: Record<string, unknown> = { id: 'x' };
  value.self = value;
  value.list = [value];
  return value;
}

function deep(): unknown {
  let value: unknown = 1;
  for (let depth = 0; depth < 20_000; depth += 1) value = depth % 2 === 0 ? [value] : { value };
  return value;
}

const getter = (name: string) => Object.defineProperty({}, name, { enumerable: true, get: fail });

/** Values that a program without types may pass, by what they are. A new one for each call: they can be changed. */
export const hostileValues: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  '-0': () => -0,
  '-1': () => -1,
  '1.5': () => 1.5,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  'the largest number': () => Number.MAX_VALUE,
  'a BigInt': () => 12n,
  'a symbol': () => Symbol('x'),
  'an empty text': () => '',
  'the text __proto__': () => '__proto__',
  'the text constructor': () => 'constructor',
  'a text with NUL': () => 'a\u0000b',
  'a lone surrogate': () => 'a\ud800b',
  'a placeholder': () => '{{input.id}}',
  'a path out': () => '../../../a',
  'a text of 100,000 characters': () => '('.repeat(100_000),
  'a function': () => () => 'x',
  'a function that throws': () => fail,
  'a class': () => class {},
  'an empty list': () => [],
  'a list of null': () => [null],
  'a list of lists': () => [[[]]],
  'a sparse list': () => new Array(100),
  'a long list': () => new Array(20_000).fill('a'),
  'an empty object': () => ({}),
  'an object without a prototype': () => Object.create(null),
  'an object with __proto__': () =>
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}'),
  'an object whose toString throws': () => ({ toString: fail, valueOf: fail, toJSON: fail }),
  'an object with a symbol': () => ({ [Symbol('x')]: 1, toString: null }),
  'a getter that throws': () => getter('id'),
  'a list with a getter that throws': () => Object.defineProperty(['a'], 1, { enumerable: true, get: fail }),
  'a proxy that throws': trap,
  'a revoked proxy': () => revoked({}),
  'a revoked list': () => revoked([]),
  'a cycle': cycle,
  'a deep value': deep,
  'an invalid date': () => new Date(Number.NaN),
  'a Map': () => new Map([['id', 'x']]),
  'a Set': () => new Set(['x']),
  bytes: () => new Uint8Array(3),
  'an error': () => new Error('x'),
  'a promise': () => Promise.resolve('x'),
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried
  'a thenable that waits': () => ({ then: () => {} }),
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried
  'a thenable that throws': () => ({ then: fail }),
  'an iterator that throws': () => ({ [Symbol.iterator]: fail, [Symbol.asyncIterator]: fail }),
  'an aborted signal': () => AbortSignal.abort(),
  'an object like a signal': () => ({ aborted: false, addEventListener: fail }),
  'a regular expression': () => /x/g,
  'a boxed text': () => Object('x'),
};

const names = Object.keys(hostileValues);

/** An argument, and what is hostile about it. */
export interface Hostile {
  readonly value: unknown;
  readonly what: string;
}

export function hostileValue(chance: Chance): Hostile {
  const what = chance.pick(names);
  return { what, value: hostileValues[what]!() };
}

/** How deep inside of an argument a value is replaced. */
const maxDepth = 3;

/**
 * A copy of a good argument in which one value is hostile: the argument itself, or a member of it at some depth. What is
 * not a plain list or object is replaced as a whole.
 */
export function spoil(good: unknown, chance: Chance, depth = 0): Hostile {
  const keys = isPlain(good) ? Object.keys(good) : [];
  if (keys.length === 0 || depth === maxDepth || chance.below(3) === 0) {
    return depth === 0 && isPlain(good) && chance.below(4) === 0
      ? { what: 'one more member', value: { ...good, [chance.pick(names)]: hostileValue(chance).value } }
      : hostileValue(chance);
  }
  const key = chance.pick(keys);
  const { what, value } = spoil((good as Record<string, unknown>)[key], chance, depth + 1);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(good) ? [...good] : { ...(good as object) };
  (copy as Record<string, unknown>)[key] = value;
  return { what: `.${key}: ${what}`, value: copy };
}

const wholes = new WeakSet<object>();

/** Marks what only this library makes, such as a connection: it is replaced as a whole, not in a part. */
export function whole<T extends object>(value: T): T {
  wholes.add(value);
  return value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || wholes.has(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
