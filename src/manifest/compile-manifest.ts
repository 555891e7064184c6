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

/** The result of compiling. There is a definition only if there are no errors; warnings are allowed. */
export interface CompileResult {
  readonly definition?: ConnectorDefinition;
  /** Sorted by file and line. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles a manifest: connector.yaml, actions, triggers and schemas/tables. Pure. Reports all diagnostics of all files.
 *
 * @param files The text of each file by its path, relative to the manifest's folder.
 * @param validator Pass the validator of the process, so that the schemas it compiles here are reused.
 * @returns The definition as frozen plain data, and the diagnostics.
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
  const actions = listOperationSources<ActionYaml>(read.action, context);
  const triggers = listOperationSources<TriggerYaml>(read.trigger, context);
  checkFeatured(header, read, actions);
  const compiled = {
    actions: compileAll(actions, (source) => compileAction(source, context)),
    triggers: compileAll(triggers, (source) => compileTrigger(source, context)),
  };
  const sorted = [...diagnostics.values()].sort(byLocation);
  if (header === undefined || sorted.some(({ severity }) => severity === 'error'))
    return { diagnostics: sorted };
  const tables = Object.fromEntries([...context.tables].map(([name, { table }]) => [name, table]));
  return { definition: deepFreeze({ ...header, tables, ...compiled }), diagnostics: sorted };
}

function compileTables(files: readonly ValidFile[], context: CompileContext): void {
  // Lookups refer to other tables, so the names of all tables are collected first.
  const yamls = files.map(({ name, node }) => ({
    name,
    node,
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
    const location = { file: 'connector.yaml', line: 1, column: 1, length: 1 };
    const fix = 'add connector.yaml: manifestVersion, id, version, title, connection, auth, api, retry';
    context.diagnostics.set('connector.yaml', {
      severity: 'error',
      code: 'M105',
      message: 'connector.yaml is missing',
      location,
      sourceLine: '',
      fix,
    });
  }
  return undefined;
}

function compileAll<Yaml extends OperationYaml, Compiled extends ActionDefinition | TriggerDefinition>(
  sources: readonly OperationSource<Yaml>[],
  compile: (source: OperationSource<Yaml>) => Compiled | undefined,
): Readonly<Record<string, Compiled>> {
  const ids = sources.map(({ id }) => id);
  const compiled = sources.flatMap((source) => {
    checkTexts(source, ids);
    const operation = compile(source);
    return operation === undefined ? [] : [[source.id, operation] as const];
  });
  return Object.fromEntries(compiled);
}

function checkTexts({ yaml, node }: OperationSource, ids: readonly string[]): void {
  rejectPlaceholders(yaml.title, node.at('title'));
  rejectPlaceholders(yaml.description, node.at('description'));
  if (yaml.deprecated !== undefined) checkId(yaml.deprecated.use, ids, node.at('deprecated', 'use'));
}

function checkFeatured(
  header: ConnectorHeader | undefined,
  { connector: [file] }: ManifestFiles,
  actions: readonly OperationSource[],
): void {
  const ids = actions.map(({ id }) => id);
  for (const [index, id] of (header?.featured ?? []).entries())
    checkId(id, ids, file?.node.at('featured', index));
}

function checkId(id: string, ids: readonly string[], node: SourceNode | undefined): void {
  if (ids.includes(id)) return;
  const [nearest] = suggest(id, ids, 1);
  node?.error('M118', `there is no operation "${id}"`, { fix: nearest && `did you mean "${nearest}"?` });
}

function byLocation({ location: a }: Diagnostic, { location: b }: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
