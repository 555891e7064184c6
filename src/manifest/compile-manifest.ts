import { suggest } from '../errors/suggest.ts';
import type { ActionDefinition, ConnectorDefinition, TriggerDefinition } from '../model/definition.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { createValidator, type Validator } from '../validation/validator.ts';
import { compileAction } from './compile-action.ts';
import { type ConnectorHeader, compileConnector } from './compile-connector.ts';
import type { CompileContext } from './compile-context.ts';
import { compileTable, toTableInfo } from './compile-table.ts';
import { rejectPlaceholders } from './compile-template.ts';
import { compileTrigger } from './compile-trigger.ts';
import { deepFreeze } from './deep-freeze.ts';
import { listOperationSources } from './list-operation-sources.ts';
import type { OperationSource } from './operation-source.ts';
import { type ManifestFiles, readFiles, type ValidFile } from './read-files.ts';
import type { SourceNode } from './source-node.ts';
import type { ActionYaml, ConnectorYaml, OperationYaml, TableYaml, TriggerYaml } from './yaml-types.ts';

/** What compiling gave: a definition only when nothing is wrong; warnings do not stand in its way. */
export interface CompileResult {
  readonly definition?: ConnectorDefinition;
  /** In the order of files and lines. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles the files of a manifest (path below its folder -> text): connector.yaml, actions, triggers and
 * schemas/tables. Pure; reports every fault of every file at once. The definition is frozen plain data. Hand in
 * the process's validator to keep what it compiles on the way.
 */
export function compileManifest(
  files: ReadonlyMap<string, string>,
  validator: Validator = createValidator(),
): CompileResult {
  const diagnostics = new Map<string, Diagnostic>();
  const read = readFiles(files, { validator, diagnostics });
  const context: CompileContext = {
    validator,
    diagnostics,
    tableInfo: new Map(),
    tables: new Map(),
    invalidTables: new Set(read.invalidTables),
  };
  compileTables(read.table, context);
  const header = compileHeader(read, files, context);
  const actionSources = listOperationSources<ActionYaml>(read.action, context);
  const actions = compileAll(actionSources, (operationSource) => compileAction(operationSource, context));
  if (header !== undefined)
    checkFeatured(
      header,
      read.connector[0]!,
      actionSources.map(({ id }) => id),
    );
  const triggers = compileAll(listOperationSources<TriggerYaml>(read.trigger, context), (operationSource) =>
    compileTrigger(operationSource, context),
  );
  const sorted = [...diagnostics.values()].sort(byLocation);
  if (header === undefined || sorted.some(({ severity }) => severity === 'error'))
    return { diagnostics: sorted };
  const tables = Object.fromEntries([...context.tables].map(([name, { table }]) => [name, table]));
  return { definition: deepFreeze({ ...header, tables, actions, triggers }), diagnostics: sorted };
}

function compileTables(files: readonly ValidFile[], context: CompileContext): void {
  // Lookups name other tables, so the facts of all come first.
  const yamls = files.map(({ name, node }) => ({
    name,
    node: node,
    yaml: node.source.data as unknown as TableYaml,
  }));
  for (const { name, yaml } of yamls) context.tableInfo.set(name, toTableInfo(yaml));
  for (const { name, yaml, node } of yamls) {
    const table = compileTable(name, yaml, { node, context });
    if (table === undefined) context.invalidTables.add(name);
    else context.tables.set(name, table);
  }
}

function compileHeader(
  { connector: [file] }: ManifestFiles,
  files: ReadonlyMap<string, string>,
  context: CompileContext,
): ConnectorHeader | undefined {
  if (file !== undefined)
    return compileConnector(file.node.source.data as unknown as ConnectorYaml, file.node, context);
  if (!files.has('connector.yaml')) {
    const place = { file: 'connector.yaml', line: 1, column: 1, length: 1 };
    const fix = 'add connector.yaml: manifestVersion, id, version, title, connection, auth, api, retry';
    context.diagnostics.set('connector.yaml', {
      severity: 'error',
      code: 'M105',
      message: 'connector.yaml is missing',
      location: place,
      sourceLine: '',
      fix,
    });
  }
  return undefined;
}

function compileAll<Yaml extends OperationYaml, Compiled extends ActionDefinition | TriggerDefinition>(
  operationSources: readonly OperationSource<Yaml>[],
  compile: (operationSource: OperationSource<Yaml>) => Compiled | undefined,
): Readonly<Record<string, Compiled>> {
  const ids = operationSources.map(({ id }) => id);
  const compiled = operationSources.flatMap((operationSource) => {
    checkTexts(operationSource, ids);
    const operation = compile(operationSource);
    return operation === undefined ? [] : [[operationSource.id, operation] as const];
  });
  return Object.fromEntries(compiled);
}

function checkTexts({ yaml, node }: OperationSource, ids: readonly string[]): void {
  rejectPlaceholders(yaml.title, node.at('title'));
  rejectPlaceholders(yaml.description, node.at('description'));
  if (yaml.deprecated !== undefined) checkId(yaml.deprecated.use, ids, node.at('deprecated', 'use'));
}

function checkFeatured({ featured }: ConnectorHeader, { node }: ValidFile, ids: readonly string[]): void {
  for (const [index, id] of featured.entries()) checkId(id, ids, node.at('featured', index));
}

function checkId(id: string, ids: readonly string[], node: SourceNode): void {
  if (ids.includes(id)) return;
  const [nearest] = suggest(id, ids, 1);
  node.error('M118', `there is no "${id}"`, { fix: nearest && `did you mean "${nearest}"?` });
}

function byLocation({ location: a }: Diagnostic, { location: b }: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
