import { nameInPackage, originOf } from '../read/manifest-package.ts';
import type { MergedTable, WantedOperation } from '../read/merge-tables.ts';
import type { ValidFile } from '../read/read-files.ts';
import type { OperationYaml } from '../read/yaml-types.ts';
import type { CompileContext } from './compile-context.ts';
import type { OperationSource } from './operation-source.ts';
import { chooseFile, chooseTemplate, type OperationClaim } from './resolve-clashes.ts';
import { createTableVariables, fillTableVariables } from './table-variables.ts';

/**
 * Lists the operations of all files of one kind, sorted by id. A file with an id is one operation; a template file
 * (`_.<verb>.yaml`) is one operation for each table whose file asks for it, except for those that have a file with that
 * id.
 */
export function listOperationSources<Yaml extends OperationYaml>(
  files: readonly ValidFile[],
  tables: readonly MergedTable[],
  context: CompileContext,
): readonly OperationSource<Yaml>[] {
  const own = files.filter(({ name }) => !name.startsWith('_.'));
  const templates = files.filter(({ name }) => name.startsWith('_.'));
  for (const file of files) checkTests(file, listTemplateTables(file, tables), context.invalidTables);
  const claims = [
    ...own.map((file) => claimFile<Yaml>(file)),
    ...[...Map.groupBy(templates, ({ name }) => name).values()].flatMap((group) => {
      const template = chooseTemplate(group);
      return tables.flatMap((table) => claimTemplate<Yaml>(template, { table, context }));
    }),
  ];
  return [...Map.groupBy(claims, ({ source }) => source.id).values()]
    .map((group) => chooseFile(group).source)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function claimFile<Yaml extends OperationYaml>({ name, node, layer }: ValidFile): OperationClaim<Yaml> {
  const yaml = node.source.data as unknown as Yaml;
  if (yaml.explicit !== undefined) {
    const fix = 'remove it, or rename the file to _.<verb>.yaml';
    node.at('explicit').error('M117', '"explicit" is only allowed in a template file', { key: true, fix });
  }
  const file = nameInPackage(node.source.file, layer);
  // The tests of a base run with the base alone: an extension changes what is selected and required.
  const source = { id: name, yaml: withoutTests(yaml, layer.isBase), node, file, from: originOf(layer) };
  return { source, layer, node, replaces: yaml.replaces };
}

function withoutTests<Yaml extends OperationYaml>(yaml: Yaml, isBase: boolean): Yaml {
  return isBase ? { ...yaml, tests: [] } : yaml;
}

/** The operation of a template for one table; none if the table does not ask for it. */
function claimTemplate<Yaml extends OperationYaml>(
  { file: { name, node, layer }, below }: ReturnType<typeof chooseTemplate>,
  { table, context }: { table: MergedTable; context: CompileContext },
): readonly OperationClaim<Yaml>[] {
  const template = node.source.data as unknown as Yaml;
  const verb = name.slice('_.'.length);
  const wanted = findWanted(table.operations, verb, template.explicit === true);
  const info = context.tableInfo.get(table.name);
  if (wanted === undefined || info === undefined) return [];
  const filled = fillTableVariables(node.source.data, createTableVariables(table.name, info), node);
  const claimed = wanted.layer.index > layer.index ? wanted.layer : layer;
  const isOwnTest = claimed.index === layer.index && !layer.isBase;
  const optional = wanted.verb === 'all';
  return [
    {
      source: {
        id: `${table.name}.${verb}`,
        yaml: withoutTests(filled as unknown as Yaml, !isOwnTest),
        node,
        table: table.name,
        file: nameInPackage(node.source.file, layer),
        from: originOf(layer),
        // A template that fits its own tables is right: a table of another package does not fit it.
        ...(optional || wanted.layer !== layer ? { wanted: { node: wanted.node, optional } } : {}),
      },
      layer: wanted.layer.index > below.index ? wanted.layer : below,
      node: wanted.layer === claimed ? wanted.node : node,
      replaces: undefined,
    },
  ];
}

/** The first package that asks for the template by its name, or else for all. */
function findWanted(
  operations: readonly WantedOperation[],
  verb: string,
  explicit: boolean,
): WantedOperation | undefined {
  const named = operations.find((one) => one.verb === verb);
  const all = explicit ? undefined : operations.find((one) => one.verb === 'all');
  if (named === undefined || all === undefined) return named ?? all;
  return all.layer.index < named.layer.index ? all : named;
}

/** The tables that ask for a template; undefined for a file of another kind. */
function listTemplateTables(
  { name, node }: ValidFile,
  tables: readonly MergedTable[],
): readonly string[] | undefined {
  if (!name.startsWith('_.')) return undefined;
  const { explicit } = node.source.data as unknown as OperationYaml;
  return tables
    .filter(({ operations }) => findWanted(operations, name.slice('_.'.length), explicit === true))
    .map((table) => table.name);
}

/** Every operation should have a test; a test of a template file names one of its tables. */
function checkTests(
  { name, node, layer }: ValidFile,
  tables: readonly string[] | undefined,
  invalidTables: ReadonlySet<string>,
): void {
  if (layer.isBase) return;
  const { tests } = node.source.data as unknown as OperationYaml;
  if (tests === undefined) {
    node.at('title').warning('M119', 'there is no test', {
      key: true,
      fix: 'add tests: with the request and the response',
    });
  }
  if (tables?.length === 0) {
    const verb = name.slice('_.'.length);
    node.at('title').warning('M121', 'no table has this operation', {
      key: true,
      fix: `add ${verb} to the operations of a table`,
    });
  }
  if (node.at('tests').isBroken) return;
  for (const [index, { table }] of (tests ?? []).entries()) {
    if (table === undefined || tables === undefined) continue;
    if (tables.includes(table) || invalidTables.has(table)) continue;
    node.at('tests', index, 'table').error('M113', `no table "${table}" has this operation`, {
      fix:
        tables.length === 0
          ? 'add the operation to the table file'
          : `add it to the operations of the table, or use one of: ${tables.join(', ')}`,
    });
  }
}
