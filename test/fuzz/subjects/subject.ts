import type { FuzzedFunction } from '../fuzz-functions.ts';

/** Arguments that a function accepts; `not called` for one that ends what other calls need. */
export type Recipe = readonly unknown[] | 'not called';

type AnyFunction = (...values: never[]) => unknown;

/** The functions of a module or an object with their recipes, and the names of those that have none. */
export interface Subjects {
  readonly functions: readonly FuzzedFunction[];
  readonly missing: readonly string[];
}

/** The functions of a module or the methods of an object. Constants and types of errors are no functions. */
export function subjectsOf(
  name: string,
  owner: object,
  recipes: Readonly<Record<string, Recipe | undefined>>,
): Subjects {
  const found = [...membersOf(owner)].map((member) => ({
    name: `${name}.${member}`,
    call: (owner as Record<string, AnyFunction>)[member]!,
    good: recipes[member],
  }));
  return {
    functions: found.flatMap(({ name: id, call, good = [] }) =>
      good === 'not called'
        ? []
        : [{ name: id, good, call: (...values: never[]) => call.apply(owner as never, values) }],
    ),
    missing: found.flatMap(({ name: id, good }) => (good === undefined ? [id] : [])),
  };
}

function membersOf(owner: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (let each = owner; each !== Object.prototype && each !== null; each = Object.getPrototypeOf(each)) {
    for (const name of Object.getOwnPropertyNames(each)) {
      const { value } = Object.getOwnPropertyDescriptor(each, name)!;
      if (typeof value === 'function' && name !== 'constructor' && !isClass(value)) names.add(name);
    }
  }
  return names;
}

const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));
