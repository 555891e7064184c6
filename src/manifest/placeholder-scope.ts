import { joinWithOr } from '../errors/join-with-or.ts';
import { suggest } from '../errors/suggest.ts';
import type { PlaceholderType } from '../model/template.ts';
import type { CompiledProperties } from './compiled-property.ts';
import type { SourceNode } from './source-node.ts';

/** The values that the placeholders of one file can name, and those that were named so far. */
export interface PlaceholderScope {
  /** `input`, `connection`, `new` -> their properties. */
  readonly roots: Readonly<Record<string, CompiledProperties>>;
  /** `input.customer`: for the warning about unused inputs. */
  readonly used: Set<string>;
}

/** The value that a placeholder names. */
export interface ResolvedPlaceholder {
  readonly type: PlaceholderType;
  /** Every valid input has it. */
  readonly alwaysPresent: boolean;
}

/** Resolves the path of a placeholder. Returns undefined if the path does not exist, which is reported. */
export function resolvePlaceholderType(
  path: readonly string[],
  { node, scope, raw }: { node: SourceNode; scope: PlaceholderScope; raw: string },
): ResolvedPlaceholder | undefined {
  const [root = '', ...names] = path;
  const known = Object.keys(scope.roots);
  if (!Object.hasOwn(scope.roots, root)) {
    const [nearest] = suggest(root, known, 1);
    const fix = nearest ? `did you mean "${nearest}"?` : `placeholders begin with ${joinWithOr(known)}`;
    node.error('T104', `${raw}: there is no "${root}" here`, { text: raw, fix });
    return undefined;
  }
  scope.used.add(path.slice(0, 2).join('.'));
  let members: CompiledProperties | undefined = scope.roots[root];
  let found: ResolvedPlaceholder = { type: { kind: 'object' }, alwaysPresent: true };
  for (const name of names) {
    const property = members?.known.get(name);
    if (members?.invalid?.has(name)) return undefined;
    if (property === undefined) {
      const [nearest] = suggest(name, members?.known.keys() ?? [], 1);
      const owner =
        found.type.kind === 'object' && members === scope.roots[root] ? `the ${root}` : 'the value';
      const message = `${raw}: ${owner} has no property "${name}"`;
      node.error('T104', message, { text: raw, fix: nearest && `did you mean "${nearest}"?` });
      return undefined;
    }
    const alwaysPresent = found.alwaysPresent && members?.alwaysPresent.has(name) === true;
    found = { type: property.type, alwaysPresent };
    members = property.properties;
  }
  return found;
}
