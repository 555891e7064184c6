import { suggest } from '../../errors/suggest.ts';
import type { Layer } from './manifest-package.ts';
import { type MergedColumn, mergeColumn } from './merge-column.ts';
import type { ValidFile } from './read-files.ts';
import type { SourceNode } from './source-node.ts';
import type { PropertyYaml, TableFileYaml, TableYaml } from './yaml-types.ts';

/** Template operations that a table file asks for: one by its name, or all that fit. */
export interface WantedOperation {
  readonly verb: string | 'all';
  readonly node: SourceNode;
  readonly layer: Layer;
}

/** A table, with everything that the packages of a manifest say about it. */
export interface MergedTable {
  readonly name: string;
  readonly yaml: TableYaml;
  /** The file that declares the table. */
  readonly node: SourceNode;
  readonly layer: Layer;
  /** All files that describe it. */
  readonly parts: readonly ValidFile[];
  readonly columns: ReadonlyMap<string, MergedColumn>;
  readonly operations: readonly WantedOperation[];
}

/**
 * Merges the table files of all packages: an extension adds columns, choices, lookup targets, labels, filters, keys and
 * operations to a table of its base. Tables with errors are left out; their names are in `invalid`.
 */
export function mergeTables(files: readonly ValidFile[]): {
  readonly tables: readonly MergedTable[];
  readonly invalid: ReadonlySet<string>;
} {
  const byName = Map.groupBy(files, ({ name }) => name);
  const invalid = new Set<string>();
  const tables = [...byName].flatMap(([name, parts]) => {
    const table = mergeTable(name, parts, [...byName.keys()]);
    if (table === undefined) invalid.add(name);
    return table ?? [];
  });
  for (const name of findDuplicates(tables)) invalid.add(name);
  return { tables: tables.filter(({ name }) => !invalid.has(name)), invalid };
}

function mergeTable(
  name: string,
  parts: readonly ValidFile[],
  names: readonly string[],
): MergedTable | undefined {
  const [first, ...more] = parts;
  if (first === undefined) return undefined;
  const yaml = yamlOf(first);
  if (yaml['x-table'] === undefined) {
    const [nearest] = suggest(
      name,
      names.filter((one) => one !== name),
      1,
    );
    const fix = `add x-table, title, description and required${nearest ? `, or name the file ${nearest}.yaml` : ''}`;
    first.node.error('M103', `no connector that is extended has a table "${name}"`, { key: true, fix });
    return undefined;
  }
  const whole = yaml as TableYaml;
  const columns = new Map(
    Object.entries(whole.properties).map(([column, own]) => [column, toColumn(column, own, first)]),
  );
  const merged = more.reduce<TableYaml | undefined>(
    (table, part) => table && addPart(table, part, columns),
    whole,
  );
  if (merged === undefined) return undefined;
  const properties = Object.fromEntries([...columns].map(([column, one]) => [column, one.yaml]));
  const operations = parts.flatMap(listWanted);
  return {
    name,
    yaml: { ...merged, properties },
    node: first.node,
    layer: first.layer,
    parts,
    columns,
    operations,
  };
}

/** Adds what an extension says about a table; undefined if it disagrees with the base. */
function addPart(
  table: TableYaml,
  part: ValidFile,
  columns: Map<string, MergedColumn>,
): TableYaml | undefined {
  const yaml = yamlOf(part);
  let ok = checkSameTable(table, part);
  for (const [name, column] of Object.entries(yaml.properties ?? {})) {
    const merged = mergeColumn(name, toColumn(name, column, part), columns);
    if (merged === undefined) ok = false;
    else columns.set(name, merged);
  }
  if (!ok) return undefined;
  return {
    ...table,
    'x-table': { ...table['x-table'], plural: yaml['x-table']?.plural ?? table['x-table'].plural },
    title: yaml.title ?? table.title,
    description: yaml.description ?? table.description,
    keywords: [...(table.keywords ?? []), ...(yaml.keywords ?? [])],
    required: [...new Set([...table.required, ...(yaml.required ?? [])])],
    keys: [...(table.keys ?? []), ...(yaml.keys ?? [])],
  };
}

/** What is broken is reported already, and may be anything. */
function toColumn(name: string, yaml: PropertyYaml, { node, layer }: ValidFile): MergedColumn {
  const at = node.at('properties', name);
  return { yaml: at.isBroken ? {} : yaml, node: at, layer };
}

const identity = ['name', 'entitySet', 'key', 'primaryName'] as const;

/** An extension may repeat the names of the table; they must be those of the base. */
function checkSameTable(table: TableYaml, { name, node }: ValidFile): boolean {
  const own = yamlOf({ node })['x-table'];
  if (own === undefined) return true;
  const different = identity.find((key) => own[key] !== table['x-table'][key]);
  if (different === undefined) return true;
  const fix =
    different === 'name'
      ? `use another file name for ${own.name}`
      : `write ${different}: ${table['x-table'][different]}, or remove x-table`;
  node
    .at('x-table', different)
    .error(
      'E114',
      `the table "${name}" of the connector that is extended has ${different} ${table['x-table'][different]}`,
      { fix },
    );
  return false;
}

/** A table of Dataverse has one name: two connectors may not describe it under two names. */
function findDuplicates(tables: readonly MergedTable[]): readonly string[] {
  return tables.flatMap(({ name, yaml, layer, node }) => {
    const other = tables.find(
      (one) => one.layer.index < layer.index && one.yaml['x-table'].name === yaml['x-table'].name,
    );
    if (other === undefined) return [];
    const message = `${yaml['x-table'].name} is already the table "${other.name}" of ${other.layer.connector}`;
    const fix = `rename the file to ${other.name}.yaml, so that it adds to that table`;
    node.at('x-table', 'name').error('E114', message, { fix });
    return [name];
  });
}

function listWanted({ node, layer }: ValidFile): readonly WantedOperation[] {
  const { operations = [] } = yamlOf({ node });
  const at = node.at('operations');
  if (operations === 'all') return [{ verb: 'all', node: at, layer }];
  return operations.map((verb, index) => ({ verb, node: at.at(index), layer }));
}

function yamlOf({ node }: Pick<ValidFile, 'node'>): TableFileYaml {
  return node.source.data as unknown as TableFileYaml;
}
