import type { TriggerDefinition, TriggerWatch } from '../../model/definition.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { customColumnsName } from '../../model/table.ts';
import { parseDurationMs } from '../read/parse-duration.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { TriggerYaml } from '../read/yaml-types.ts';
import { checkChanges } from './check-changes.ts';
import { warnOutsideReferences } from './check-outside-references.ts';
import { checkWatchedColumn } from './check-watched-column.ts';
import { compileAnyTableWatch, isInputName, type WatchContext } from './compile-any-table-watch.ts';
import { compileChangedTo } from './compile-changed-to.ts';
import { customColumnNames } from './compile-column-inputs.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import { compileInput } from './compile-input.ts';
import { compileClauses, toClauses } from './compile-query.ts';
import { compilePollTests } from './compile-tests.ts';
import { deriveGroup, type OperationSource, warnUnusedInputs } from './operation-source.ts';
import type { PlaceholderScope } from './placeholder-scope.ts';
import { findCompiledTable } from './resolve-refs.ts';

/** Compiles one trigger; undefined if it has errors. */
export function compileTrigger(
  operationSource: OperationSource<TriggerYaml>,
  context: CompileContext,
): TriggerDefinition | undefined {
  const { id, yaml, node } = operationSource;
  if (node.at('watch').isBroken) {
    compileInput(yaml.input ?? {}, new Map(), { node: node.at('input'), context });
    return undefined;
  }
  const isAnyTable = isInputName(yaml.watch.table);
  const watched = isAnyTable
    ? undefined
    : findCompiledTable(yaml.watch.table, node.at('watch', 'table'), context);
  if (watched === undefined && !isAnyTable) return undefined;
  const hasCustomColumns = watched !== undefined && !isOnlyDeletions(yaml.watch.changes);
  const added = new Map(hasCustomColumns ? [[customColumnsName, customColumnNames] as const] : []);
  const input = compileInput(yaml.input ?? {}, added, { node: node.at('input'), context });
  const scope: PlaceholderScope = { roots: { input: input.properties }, used: new Set() };
  const watchContext = { node: node.at('watch'), scope, context };
  const watch =
    watched === undefined
      ? compileAnyTableWatch(yaml.watch, watchContext)
      : compileWatch(yaml.watch, watched, watchContext);
  const testContext = { node, context, input, table: operationSource.table };
  const tests = compilePollTests(yaml.tests ?? [], testContext, watched?.table);
  if (watch === undefined) return undefined;
  warnUnusedInputs(yaml.input, scope.used, node);
  return omitUndefined({
    id,
    title: yaml.title,
    description: yaml.description,
    group: deriveGroup(id, context),
    keywords: yaml.keywords,
    input: input.schema,
    outputSchema: isOnlyDeletions(watch.changes)
      ? deletedRowSchema
      : (watched?.table.rowSchema ?? anyRowSchema),
    watch,
    deprecated: yaml.deprecated,
    tests,
    file: operationSource.file,
    from: operationSource.from,
  });
}

function isOnlyDeletions(changes: string | readonly string[] | undefined): boolean {
  return Array.isArray(changes) && changes.every((change) => change === 'deleted');
}

/** A row of any table: its columns by their logical names. */
const anyRowSchema = { type: 'object', additionalProperties: true };

/** Dataverse reports nothing but the id of a deleted row. */
const deletedRowSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: { title: 'Id', type: 'string', format: 'uuid' } },
};

function compileWatch(
  yaml: TriggerYaml['watch'],
  table: CompiledTable,
  { node, scope, context }: WatchContext,
): TriggerWatch | undefined {
  const clauses = toClauses(yaml.where ?? [], node.at('where'), table);
  const where = compileClauses(clauses, scope);
  const { changes, columns = [], changedTo, due } = yaml;
  if (isInputName(changes) || isInputName(columns)) {
    node.error('M116', 'only a trigger of any table has its changes or columns in an input', {
      fix: 'list them, or write table: "{{input.table}}"',
    });
    return undefined;
  }
  const known = [
    ...columns.map((name, index) => checkWatchedColumn(name, table, node.at('columns', index))),
    due === undefined || checkDue(due, table, node.at('due')),
    checkChanges(yaml, node),
  ];
  const compiledChangedTo =
    changedTo && compileChangedTo(changedTo, { node: node.at('changedTo'), scope, context, table });
  if (changedTo !== undefined && compiledChangedTo === undefined) return undefined;
  if (where === undefined || known.includes(false)) return undefined;
  warnOutsideReferences(clauses, changes, context);
  return omitUndefined({
    table: table.table.name,
    changes: changes ?? ['due'],
    where,
    columns: [...new Set([...columns, ...Object.keys(changedTo ?? {})])],
    changedTo: compiledChangedTo,
    due,
    intervalMs: parseDurationMs(yaml.every),
  });
}

/** Only a date-time column can be due. */
function checkDue(name: string, compiled: CompiledTable, node: SourceNode): boolean {
  if (!checkWatchedColumn(name, compiled, node)) return false;
  if (compiled.properties.get(name)?.type.kind === 'date-time') return true;
  node.error('S112', `the column "${name}" is not a date-time`, { fix: 'use a date-time column' });
  return false;
}
