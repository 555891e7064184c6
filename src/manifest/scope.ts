import { suggest } from '../errors/suggest.ts';
import type { SlotType } from '../model/template.ts';
import type { Properties } from './property.ts';
import type { Site } from './site.ts';

/** The values that the holes of one file may name, and which of them were named so far. */
export interface Scope {
  /** `input`, `connection`, `new` -> what stands below. */
  readonly roots: Readonly<Record<string, Properties>>;
  /** `input.customer`: for the lint of unused inputs. */
  readonly used: Set<string>;
}

/** What a hole names. */
export interface Found {
  readonly type: SlotType;
  /** A checked input always has it. */
  readonly present: boolean;
}

/** What a path names: its type, and whether a checked input always has it; undefined after a fault. */
export function findValue(
  path: readonly string[],
  { site, scope, raw }: { site: Site; scope: Scope; raw: string },
): Found | undefined {
  const [root = '', ...names] = path;
  const known = Object.keys(scope.roots);
  if (!Object.hasOwn(scope.roots, root)) {
    const [nearest] = suggest(root, known, 1);
    const fix = nearest ? `did you mean "${nearest}"?` : `holes begin with ${known.join(' or ')}`;
    site.error('T104', `${raw}: there is no "${root}" here`, { text: raw, fix });
    return undefined;
  }
  scope.used.add(path.slice(0, 2).join('.'));
  let below: Properties | undefined = scope.roots[root];
  let found: Found = { type: { kind: 'object' }, present: true };
  for (const name of names) {
    const property = below?.known.get(name);
    if (below?.broken?.has(name)) return undefined;
    if (property === undefined) {
      const [nearest] = suggest(name, below?.known.keys() ?? [], 1);
      const owner = found.type.kind === 'object' && below === scope.roots[root] ? `the ${root}` : 'the value';
      const message = `${raw}: ${owner} has no property "${name}"`;
      site.error('T104', message, { text: raw, fix: nearest && `did you mean "${nearest}"?` });
      return undefined;
    }
    found = { type: property.type, present: found.present && below!.present.has(name) };
    below = property.properties;
  }
  return found;
}
