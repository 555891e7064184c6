import { suggest } from '../errors/suggest.ts';
import type { TriggerDefinition, TriggerWatch } from '../model/definition.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { compileChangedTo } from './compile-changed-to.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import { compileInput } from './compile-input.ts';
import { compileClauses, toClauses } from './compile-query.ts';
import { compilePollTests } from './compile-tests.ts';
import { deriveGroup, type OperationSource, warnUnusedInputs } from './operation-source.ts';
import { parseDurationMs } from './parse-duration.ts';
import type { PlaceholderScope } from './placeholder-scope.ts';
import { findCompiledTable } from './resolve-refs.ts';
import type { SourceNode } from './source-node.ts';
import type { TriggerYaml } from './yaml-types.ts';

/** Compiles one trigger; undefined if it has errors. */
export function compileTrigger(
  operationSource: OperationSource<TriggerYaml>,
  context: CompileContext,
): TriggerDefinition | undefined {
  const { id, yaml, node } = operationSource;
  const watched = findCompiledTable(yaml.watch.table, node.at('watch', 'table'), context);
  if (watched === undefined) return undefined;
  const input = compileInput(yaml.input ?? {}, new Map(), { node: node.at('input'), context });
  const scope: PlaceholderScope = { roots: { input: input.properties }, used: new Set() };
  const watch = compileWatch(yaml.watch, watched, { node: node.at('watch'), scope, context });
  const tests = compilePollTests(yaml.tests ?? [], {
    node,
    context,
    input,
    table: operationSource.table,
  });
  if (watch === undefined) return undefined;
  warnUnusedInputs(yaml.input, scope.used, node);
  return omitUndefined({
    id,
    title: yaml.title,
    description: yaml.description,
    group: deriveGroup(id, context),
    input: input.schema,
    outputSchema: watch.changes.every((change) => change === 'deleted')
      ? deletedRowSchema
      : watched.table.rowSchema,
    watch,
    deprecated: yaml.deprecated,
    tests,
    file: node.source.file,
  });
}

/** Dataverse reports nothing but the id of a deleted row. */
const deletedRowSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: { title: 'Id', type: 'string', format: 'uuid' } },
};

interface TriggerContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
  readonly context: CompileContext;
}

function compileWatch(
  yaml: TriggerYaml['watch'],
  table: CompiledTable,
  { node, scope, context }: TriggerContext,
): TriggerWatch | undefined {
  const where = compileClauses(toClauses(yaml.where ?? [], node.at('where')), scope);
  const { changes, columns = [], changedTo, due } = yaml;
  const changed = Object.keys(changedTo ?? {});
  const known = [
    ...columns.map((name, index) => checkColumn(name, table, node.at('columns', index))),
    ...changed.map((name) => checkColumn(name, table, node.at('changedTo', name))),
    due === undefined || checkDue(due, table, node.at('due')),
    checkChanges(yaml, node),
  ];
  if (where === undefined || known.includes(false)) return undefined;
  const compiledChangedTo =
    changedTo && compileChangedTo(changedTo, { node: node.at('changedTo'), scope, context, table });
  if (changedTo !== undefined && compiledChangedTo === undefined) return undefined;
  return omitUndefined({
    table: table.table.name,
    changes: changes ?? ['due'],
    where,
    columns: [...new Set([...columns, ...changed])],
    changedTo: compiledChangedTo,
    due,
    intervalMs: parseDurationMs(yaml.every),
  });
}

function checkColumn(name: string, { table }: CompiledTable, node: SourceNode): boolean {
  const known = table.columns.map((column) => column.name);
  if (known.includes(name)) return true;
  const [nearest] = suggest(name, known, 1);
  const fix = nearest && `did you mean "${nearest}"?`;
  node.error('S111', `the table ${table.name} has no column "${name}"`, {
    key: node.pointer.includes('changedTo'),
    fix,
  });
  return false;
}

/** Only a date-time column can be due. */
function checkDue(name: string, compiled: CompiledTable, node: SourceNode): boolean {
  if (!checkColumn(name, compiled, node)) return false;
  if (compiled.properties.get(name)?.type.kind === 'date-time') return true;
  node.error('S112', `the column "${name}" is not a date-time`, { fix: 'use a date-time column' });
  return false;
}

/** A trigger watches changes or a deadline; a deleted row has only its id; `changedTo` needs an update. */
function checkChanges(watch: TriggerYaml['watch'], node: SourceNode): boolean {
  const { changes, where, columns, changedTo, due } = watch;
  if ((changes === undefined) === (due === undefined) || (due && (columns || changedTo))) {
    node.error('M116', 'a trigger watches either changes or a due column', {
      fix: 'write changes, or write due without columns and changedTo',
    });
    return false;
  }
  if (changes === undefined) return true;
  if (changes.includes('deleted') && (where || columns || changedTo)) {
    const fix = 'remove where, columns and changedTo, or watch deletions in a separate trigger';
    node
      .at('changes')
      .error('M116', 'a deleted row has only its id: no other column can be compared', { key: true, fix });
    return false;
  }
  if ((columns || changedTo) && !changes.includes('updated')) {
    node
      .at('changes')
      .error('M116', 'columns and changedTo need updates', { key: true, fix: 'add updated to changes' });
    return false;
  }
  return true;
}
