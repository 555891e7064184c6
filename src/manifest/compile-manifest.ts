import { suggest } from '../errors/suggest.ts';
import type { ConnectorDefinition, TriggerDefinition } from '../model/definition.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { createValidator, type Validator } from '../validation/validator.ts';
import { compileActions } from './compile/compile-actions.ts';
import type { ConnectorHeader } from './compile/compile-connector.ts';
import type { CompileContext } from './compile/compile-context.ts';
import { compileOperations } from './compile/compile-operations.ts';
import { compileTable, toTableInfo } from './compile/compile-table.ts';
import { compileTrigger } from './compile/compile-trigger.ts';
import { deepFreeze } from './compile/deep-freeze.ts';
import { listOperationSources } from './compile/list-operation-sources.ts';
import { mergeHeaders } from './compile/merge-headers.ts';
import type { OperationSource } from './compile/operation-source.ts';
import type { ManifestPackage } from './read/manifest-package.ts';
import { type MergedTable, mergeTables } from './read/merge-tables.ts';
import { type ManifestFiles, readFiles } from './read/read-files.ts';
import type { ActionYaml, TriggerYaml } from './read/yaml-types.ts';

/** The result of compiling. There is a definition only if there are no errors; warnings are allowed. */
export interface CompileResult {
  readonly definition?: ConnectorDefinition;
  /** Sorted by file and line. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The operations without errors, also if others have some. */
export type CompiledOperations = Pick<ConnectorDefinition, 'actions' | 'triggers'>;

/** What the files of a manifest declare, before it is compiled. */
export interface ManifestSources {
  readonly packages: readonly ManifestPackage[];
  readonly files: ManifestFiles;
  readonly tables: readonly MergedTable[];
  readonly actions: readonly OperationSource<ActionYaml>[];
  readonly triggers: readonly OperationSource<TriggerYaml>[];
  readonly context: CompileContext;
}

/**
 * Compiles a manifest: connector.yaml, actions, triggers and schemas/tables. Pure. Reports all diagnostics of all files.
 *
 * @param packages The connector, after the packages that it extends; see `singlePackage`.
 * @param validator Pass the validator of the process, so that the schemas it compiles here are reused.
 * @returns The definition as frozen plain data, and the diagnostics.
 */
export function compileManifest(
  packages: readonly ManifestPackage[],
  validator: Validator = createValidator(),
): CompileResult {
  const { definition, diagnostics } = compileSources(readSources(packages, validator));
  return { definition, diagnostics };
}

/** Compiles what `readSources` has read. The sources collect the diagnostics, so they are compiled once. */
export function compileSources({
  packages,
  files,
  tables,
  actions,
  triggers,
  context,
}: ManifestSources): CompileResult & { readonly operations: CompiledOperations } {
  for (const table of tables) {
    const compiled = compileTable(table, context);
    if (compiled === undefined) context.invalidTables.add(table.name);
    else context.tables.set(table.name, compiled);
  }
  const header = compileHeader(files, packages, context);
  const operations: CompiledOperations = {
    actions: compileActions(actions, context),
    triggers: compileOperations<TriggerYaml, TriggerDefinition>(triggers, compileTrigger, context),
  };
  checkFeatured(header, files, { actions, invalidTables: context.invalidTables });
  const sorted = sortDiagnostics(packages, context);
  if (header === undefined || sorted.some(({ severity }) => severity === 'error'))
    return { operations, diagnostics: sorted };
  const compiledTables = Object.fromEntries([...context.tables].map(([name, { table }]) => [name, table]));
  const definition = deepFreeze({ ...header, tables: compiledTables, ...operations });
  return { definition, operations, diagnostics: sorted };
}

/** Reads and merges the files of all packages. Lookups refer to other tables, so the names of all tables come first. */
export function readSources(
  packages: readonly ManifestPackage[],
  validator: Validator = createValidator(),
): ManifestSources {
  const diagnostics = new Map<string, Diagnostic>();
  const files = readFiles(packages, { validator, diagnostics });
  const { tables, invalid } = mergeTables(files.table);
  const context: CompileContext = {
    validator,
    diagnostics,
    files: new Set(packages.flatMap(({ path, files: own }) => [...own.keys()].map((file) => path + file))),
    tableInfo: new Map(tables.map(({ name, yaml }) => [name, toTableInfo(yaml)])),
    tables: new Map(),
    invalidTables: new Set([...files.invalidTables, ...invalid]),
  };
  checkOperations(files, tables);
  const actions = listOperationSources<ActionYaml>(files.action, tables, context);
  const triggers = listOperationSources<TriggerYaml>(files.trigger, tables, context);
  checkIds(actions, triggers);
  return { packages, files, tables, actions, triggers, context };
}

/** Hosts find an operation by its id alone. */
function checkIds(actions: readonly OperationSource[], triggers: readonly OperationSource[]): void {
  const ids = new Set(triggers.map(({ id }) => id));
  for (const { id, node } of actions.filter((action) => ids.has(action.id)))
    node.error('M123', `there is also a trigger "${id}"`, { key: true, fix: 'rename one of them' });
}

function compileHeader(
  { connector }: ManifestFiles,
  packages: readonly ManifestPackage[],
  context: CompileContext,
): ConnectorHeader | undefined {
  const missing = packages.filter(({ files }) => !files.has('connector.yaml'));
  for (const { path } of missing) {
    const location = { file: `${path}connector.yaml`, line: 1, column: 1, length: 1 };
    const fix = 'add connector.yaml: manifestVersion, id, version, title, and extends: dynamics365-connector';
    context.diagnostics.set(location.file, {
      severity: 'error',
      code: 'M105',
      message: 'connector.yaml is missing',
      location,
      sourceLine: '',
      fix,
    });
  }
  return connector.length === packages.length ? mergeHeaders(connector, context) : undefined;
}

/** A table asks for templates that exist. */
function checkOperations({ action, trigger }: ManifestFiles, tables: readonly MergedTable[]): void {
  const templates = [...action, ...trigger].filter(({ name }) => name.startsWith('_.'));
  const verbs = [...new Set(templates.map(({ name }) => name.slice('_.'.length)))];
  for (const { verb, node } of tables.flatMap(({ operations }) => operations)) {
    if (verb === 'all' || verbs.includes(verb)) continue;
    const [nearest] = suggest(verb, verbs, 1);
    const fix = nearest ? `did you mean "${nearest}"?` : `add actions/_.${verb}.yaml, or remove it`;
    node.error('M122', `there is no template "${verb}"`, { fix });
  }
}

function checkFeatured(
  header: ConnectorHeader | undefined,
  { connector }: ManifestFiles,
  {
    actions,
    invalidTables,
  }: { readonly actions: readonly OperationSource[]; readonly invalidTables: ReadonlySet<string> },
): void {
  const ids = actions.map(({ id }) => id);
  const file = connector.findLast(({ node }) => Object.hasOwn(node.source.data as object, 'featured'));
  for (const [index, id] of (header?.featured ?? []).entries()) {
    // The operations of a table whose file has errors are missing for that reason.
    if (ids.includes(id) || invalidTables.has(id.slice(0, id.indexOf('.')))) continue;
    const [nearest] = suggest(id, ids, 1);
    file?.node.at('featured', index).error('M118', `there is no operation "${id}"`, {
      fix: nearest && `did you mean "${nearest}"?`,
    });
  }
}

/** All errors, and the warnings of the connector itself: those of a base are for its authors. */
function sortDiagnostics(
  packages: readonly ManifestPackage[],
  { diagnostics }: CompileContext,
): readonly Diagnostic[] {
  const bases = packages.map(({ path }) => path).filter((path) => path !== '');
  return [...diagnostics.values()]
    .filter(
      ({ severity, location }) =>
        severity === 'error' || !bases.some((path) => location.file.startsWith(path)),
    )
    .sort(byLocation);
}

function byLocation({ location: a }: Diagnostic, { location: b }: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
