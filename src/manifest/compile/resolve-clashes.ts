import type { Layer } from '../read/manifest-package.ts';
import type { ValidFile } from '../read/read-files.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { OperationYaml } from '../read/yaml-types.ts';
import type { OperationSource } from './operation-source.ts';

/** A file, or a table that asks for a template, that says what an operation is. */
export interface OperationClaim<Yaml extends OperationYaml = OperationYaml> {
  readonly source: OperationSource<Yaml>;
  readonly layer: Layer;
  /** Where it is claimed. */
  readonly node: SourceNode;
  /** What its file says that it replaces. */
  readonly replaces: string | undefined;
}

/**
 * Chooses among the claims for one id. In a package, a file replaces the template for its table. An extension replaces
 * an operation of its base only if its file says so; otherwise the clash is reported.
 */
export function chooseFile<Yaml extends OperationYaml>(
  claims: readonly OperationClaim<Yaml>[],
): OperationClaim<Yaml> {
  const perLayer = [...Map.groupBy(claims, ({ layer }) => layer.index).entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([, group]) => group.find(({ source }) => source.table === undefined) ?? group[0] ?? []);
  const id = claims[0]?.source.id ?? '';
  for (const { replaces, node, layer } of perLayer)
    checkReplaces(replaces, id, { node, isReplacing: perLayer.some((one) => one.layer.index < layer.index) });
  return chooseByLayer(perLayer, {
    name: id,
    replacesOf: (claim) => claim.replaces,
    fixOf: ({ source }) =>
      source.table === undefined
        ? `add replaces: ${id}, or rename the file`
        : `remove it here, or write ${id}.yaml with replaces: ${id}`,
  });
}

/**
 * Chooses among the files of one template: the same, for template files. `below` is the package that first has it: a
 * template that replaces another takes its place.
 */
export function chooseTemplate(files: readonly ValidFile[]): {
  readonly file: ValidFile;
  readonly below: Layer;
} {
  const sorted = files.toSorted((a, b) => a.layer.index - b.layer.index);
  const replacesOf = ({ node }: ValidFile) => (node.source.data as unknown as OperationYaml).replaces;
  for (const file of sorted)
    checkReplaces(replacesOf(file), file.name, { node: file.node, isReplacing: file !== sorted[0] });
  const file = chooseByLayer(sorted, {
    name: sorted[0]?.name ?? '',
    replacesOf,
    fixOf: ({ name }) => `add replaces: ${name}, or rename the file`,
  });
  return { file, below: sorted[0]?.layer ?? file.layer };
}

interface Layered {
  readonly layer: Layer;
  readonly node: SourceNode;
}

/** The last one that replaces what is below it, or else the first; the others are clashes. */
function chooseByLayer<T extends Layered>(
  sorted: readonly T[],
  {
    name,
    replacesOf,
    fixOf,
  }: { name: string; replacesOf: (one: T) => string | undefined; fixOf: (one: T) => string },
): T {
  const chosen = sorted.findLast((one) => replacesOf(one) === name) ?? sorted[0];
  if (chosen === undefined) throw new Error(`There is no file for ${name}.`);
  for (const one of sorted) {
    if (one === chosen || one.layer.index <= chosen.layer.index) continue;
    const { connector, index } = chosen.layer;
    if (one.layer.below.has(index))
      one.node.error('E109', `${connector} already has "${name}"`, { key: true, fix: fixOf(one) });
    else
      one.node.error('E111', `${connector} and ${one.layer.connector} both have "${name}"`, {
        key: true,
        fix: `extend one of them, or add a file of your own with replaces: ${name}`,
      });
  }
  return chosen;
}

function checkReplaces(
  replaces: string | undefined,
  name: string,
  { node, isReplacing }: { node: SourceNode; isReplacing: boolean },
): void {
  if (replaces === undefined) return;
  const at = node.at('replaces');
  if (replaces !== name)
    at.error('E110', `this file is "${name}": it cannot replace "${replaces}"`, {
      fix: `write replaces: ${name}, or rename the file to ${replaces}.yaml`,
    });
  else if (!isReplacing)
    at.error('E110', `no connector that is extended has "${name}"`, { fix: 'remove replaces' });
}
