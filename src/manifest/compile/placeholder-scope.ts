import { joinWithOr } from '../../errors/join-with-or.ts';
import { suggest } from '../../errors/suggest.ts';
import type { PlaceholderType } from '../../model/template.ts';
import type { SourceNode } from '../read/source-node.ts';
import { suggestName } from '../read/suggest-value.ts';
import type { CompiledProperties, CompiledProperty } from './compiled-property.ts';

/** The values that the placeholders of one file can name, and those that were named so far. */
export interface PlaceholderScope {
  /** `input`, `connection`, `new`, `steps` -> their properties. */
  readonly roots: Readonly<Record<string, CompiledProperties>>;
  /** `input.customer`: for the warning about unused inputs. */
  readonly used: Set<string>;
}

/** The value that a placeholder names. */
export interface ResolvedPlaceholder {
  readonly type: PlaceholderType;
  /** Undefined for a root: `{{input}}`. */
  readonly property?: CompiledProperty;
  /** Every valid input has it. */
  readonly alwaysPresent: boolean;
}

/** The path that `{{reason}}`, `{{inputs.reason}}` or `{{customer.id}}` stands for, if there is such a value. */
function findPath([root = '', ...names]: readonly string[], { roots }: PlaceholderScope): string | undefined {
  const [nearest] = suggest(root, Object.keys(roots), 1);
  if (nearest !== undefined) return [nearest, ...names].join('.');
  if (roots.steps?.known.has(root) === true) return ['steps', root, ...names].join('.');
  return roots.input?.known.has(root) === true ? ['input', root, ...names].join('.') : undefined;
}

/** Resolves the path of a placeholder. Returns undefined if the path does not exist, which is reported. */
export function resolvePlaceholderType(
  path: readonly string[],
  { node, scope, raw }: { node: SourceNode; scope: PlaceholderScope; raw: string },
): ResolvedPlaceholder | undefined {
  const [root = '', ...names] = path;
  const known = Object.keys(scope.roots);
  if (!Object.hasOwn(scope.roots, root)) {
    const meant = findPath(path, scope);
    const fix = meant === undefined ? `placeholders begin with ${joinWithOr(known)}` : `write {{${meant}}}`;
    const replacement = meant && `{{${meant}}}`;
    node.error('T104', `${raw}: there is no "${root}" here`, { text: raw, fix, replacement });
    return undefined;
  }
  scope.used.add(path.slice(0, 2).join('.'));
  let members: CompiledProperties | undefined = scope.roots[root];
  let found: ResolvedPlaceholder = { type: { kind: 'object' }, alwaysPresent: true };
  for (const name of names) {
    const property = members?.known.get(name);
    if (members?.invalid?.has(name)) return undefined;
    if (property === undefined) {
      const before = path.slice(0, path.indexOf(name));
      const suggestion = suggestName(name, members?.known.keys() ?? []);
      const meant = suggestion?.replacement;
      const isStep = root === 'steps' && before.length === 1;
      const fix =
        isStep && meant === undefined
          ? 'name an earlier step, or move that step up'
          : members === undefined || members.known.size === 0
            ? `write {{${before.join('.')}}}`
            : meant === undefined
              ? suggestion?.fix
              : `write {{${[...before, meant].join('.')}}}`;
      const replacement = meant && `{{${[...before, meant, ...path.slice(before.length + 1)].join('.')}}}`;
      const owner =
        found.type.kind === 'object' && members === scope.roots[root] ? `the ${root}` : 'the value';
      const message = isStep
        ? `${raw}: no earlier step has the name "${name}"`
        : `${raw}: ${owner} has no property "${name}"`;
      node.error('T104', message, { text: raw, fix, replacement });
      return undefined;
    }
    const alwaysPresent = found.alwaysPresent && members?.alwaysPresent.has(name) === true;
    found = { type: property.type, property, alwaysPresent };
    members = property.properties;
  }
  return found;
}
