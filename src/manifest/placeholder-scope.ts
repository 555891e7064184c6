import { suggest } from '../errors/suggest.ts';
import type { PlaceholderType } from '../model/template.ts';
import type { CompiledProperties } from './compiled-property.ts';
import type { SourceNode } from './source-node.ts';

/** The values that the holes of one file may name, and which of them were named so far. */
export interface PlaceholderScope {
  /** `input`, `connection`, `new` -> what stands below. */
  readonly roots: Readonly<Record<string, CompiledProperties>>;
  /** `input.customer`: for the lint of unused inputs. */
  readonly used: Set<string>;
}

/** What a hole names. */
export interface ResolvedPlaceholder {
  readonly type: PlaceholderType;
  /** A checked input always has it. */
  readonly alwaysPresent: boolean;
}

/** What a path names: its type, and whether a checked input always has it; undefined after a fault. */
export function resolvePlaceholderType(
  path: readonly string[],
  { node, scope, raw }: { node: SourceNode; scope: PlaceholderScope; raw: string },
): ResolvedPlaceholder | undefined {
  const [root = '', ...names] = path;
  const known = Object.keys(scope.roots);
  if (!Object.hasOwn(scope.roots, root)) {
    const [nearest] = suggest(root, known, 1);
    const fix = nearest ? `did you mean "${nearest}"?` : `holes begin with ${known.join(' or ')}`;
    node.error('T104', `${raw}: there is no "${root}" here`, { text: raw, fix });
    return undefined;
  }
  scope.used.add(path.slice(0, 2).join('.'));
  let below: CompiledProperties | undefined = scope.roots[root];
  let found: ResolvedPlaceholder = { type: { kind: 'object' }, alwaysPresent: true };
  for (const name of names) {
    const property = below?.known.get(name);
    if (below?.invalid?.has(name)) return undefined;
    if (property === undefined) {
      const [nearest] = suggest(name, below?.known.keys() ?? [], 1);
      const owner = found.type.kind === 'object' && below === scope.roots[root] ? `the ${root}` : 'the value';
      const message = `${raw}: ${owner} has no property "${name}"`;
      node.error('T104', message, { text: raw, fix: nearest && `did you mean "${nearest}"?` });
      return undefined;
    }
    found = { type: property.type, alwaysPresent: found.alwaysPresent && below!.alwaysPresent.has(name) };
    below = property.properties;
  }
  return found;
}
