import type { Layer } from './manifest-package.ts';
import type { SourceNode } from './source-node.ts';
import type { PropertyYaml } from './yaml-types.ts';

/** A column of a table, with what its packages say about it. */
export interface MergedColumn {
  readonly yaml: PropertyYaml;
  /** The last place that describes it. */
  readonly node: SourceNode;
  /** The first package that has it. */
  readonly layer: Layer;
}

/**
 * Adds the column of an extension to those of its base. The same column of Dataverse under the same name is merged:
 * labels, limits and filters of the extension replace those of the base, choices and lookup targets are added. Undefined
 * if the two disagree, which is reported.
 */
export function mergeColumn(
  name: string,
  added: MergedColumn,
  columns: ReadonlyMap<string, MergedColumn>,
): MergedColumn | undefined {
  const base = columns.get(name);
  if (base === undefined)
    return added.node.isBroken || checkNewColumn(name, added, columns) ? added : undefined;
  // What is broken is reported already.
  if (added.node.isBroken || base.node.isBroken) return { ...base, node: added.node };
  const same = checkSameColumn(name, added, base) && checkSameType(name, added, base);
  const choices = same && mergeChoices(added, base);
  const lookup = same && mergeLookup(added, base);
  if (choices === false || lookup === false) return undefined;
  const yaml = {
    ...base.yaml,
    ...added.yaml,
    ...(choices === undefined ? {} : { 'x-choices': choices }),
    ...(lookup === undefined ? {} : { 'x-lookup': lookup }),
    ...(base.yaml.readOnly === true ? { readOnly: true } : {}),
  };
  return { yaml, node: added.node, layer: base.layer };
}

/** Dataverse's name of a column; undefined for parties, and for an addition that does not repeat it. */
function wireNameOf(yaml: PropertyYaml): string | undefined {
  return yaml['x-lookup']?.column ?? yaml['x-column'];
}

function checkNewColumn(
  name: string,
  { yaml, node, layer }: MergedColumn,
  columns: ReadonlyMap<string, MergedColumn>,
): boolean {
  const wireName = wireNameOf(yaml);
  const other = [...columns].find(
    ([, column]) =>
      column.layer.index < layer.index && wireName !== undefined && wireNameOf(column.yaml) === wireName,
  );
  if (other === undefined) return true;
  const message = `${wireName} is already the column "${other[0]}" of ${other[1].layer.connector}`;
  node.error('E112', message, { key: true, fix: `rename "${name}" to "${other[0]}", or remove it` });
  return false;
}

function checkSameColumn(name: string, { yaml, node }: MergedColumn, base: MergedColumn): boolean {
  const wireName = wireNameOf(yaml);
  const known = wireNameOf(base.yaml);
  if (wireName === undefined || wireName === known) return true;
  const message = `"${name}" is already the column ${known} of ${base.layer.connector}`;
  node.error('E112', message, { key: true, fix: `use another name for ${wireName}` });
  return false;
}

/** Formats that decide how a value is stored; all others are plain text. */
const storedFormats = ['uuid', 'date', 'date-time'];

function storedType({ type, format = '', 'x-type': special }: PropertyYaml): string {
  return [special ?? type, storedFormats.includes(format) ? format : undefined]
    .filter((part) => part !== undefined)
    .join(' ');
}

function describeType(yaml: PropertyYaml): string {
  if (yaml['x-lookup'] !== undefined) return 'a lookup';
  if (yaml['x-parties'] !== undefined) return 'a list of parties';
  if (yaml['x-collection'] !== undefined) return 'a list of rows';
  if (yaml['x-choices'] !== undefined) return yaml.type === 'array' ? 'a list of choices' : 'a choice';
  return storedType(yaml);
}

/** An addition may leave out the type; if it has one, it is that of the base. */
function checkSameType(name: string, { yaml, node }: MergedColumn, base: MergedColumn): boolean {
  const kinds = ['x-lookup', 'x-parties', 'x-choices', 'x-collection'] as const;
  const saysType = kinds.some((key) => yaml[key] !== undefined) || yaml.type !== undefined;
  const isSameKind = kinds.every((key) => (yaml[key] === undefined) === (base.yaml[key] === undefined));
  const isSameType = yaml.type === undefined || storedType(yaml) === storedType(base.yaml);
  if (!saysType || (isSameKind && isSameType)) return true;
  const message = `"${name}" is ${describeType(base.yaml)} in ${base.layer.connector}, not ${describeType(yaml)}`;
  node.error('E113', message, { key: true, fix: 'use the same type, or leave the type out' });
  return false;
}

function mergeChoices({ yaml, node }: MergedColumn, base: MergedColumn): PropertyYaml['x-choices'] | false {
  const known = base.yaml['x-choices'];
  if (known === undefined || yaml['x-choices'] === undefined) return known;
  const clash = Object.entries(yaml['x-choices']).find(([label, number]) =>
    Object.entries(known).some(([other, value]) => (other === label) !== (value === number)),
  );
  if (clash === undefined) return { ...known, ...yaml['x-choices'] };
  const [label, number] = clash;
  const other = Object.keys(known).find((one) => known[one] === number);
  const message =
    other === undefined
      ? `${label} is ${known[label]} in ${base.layer.connector}, not ${number}`
      : `${number} is "${other}" in ${base.layer.connector}`;
  const fix = other === undefined ? 'use another label' : `use the label ${other}, or remove the choice`;
  node.at('x-choices', label).error('E115', message, { key: true, fix });
  return false;
}

function mergeLookup({ yaml, node }: MergedColumn, base: MergedColumn): PropertyYaml['x-lookup'] | false {
  const known = base.yaml['x-lookup'];
  const added = yaml['x-lookup'];
  if (known === undefined || added === undefined) return known;
  const navigationOf = (target: (typeof known.targets)[string] | undefined) =>
    typeof target === 'object' ? target.navigation : target;
  const clash = Object.keys(added.targets).find(
    (table) =>
      known.targets[table] !== undefined &&
      navigationOf(known.targets[table]) !== navigationOf(added.targets[table]),
  );
  if (clash === undefined) return { ...known, targets: { ...known.targets, ...added.targets } };
  const navigation = navigationOf(known.targets[clash]);
  node
    .at('x-lookup', 'targets', clash)
    .error('E113', `the navigation property to ${clash} is ${navigation} in ${base.layer.connector}`, {
      fix: `write ${clash}: ${navigation}, or remove it`,
    });
  return false;
}
