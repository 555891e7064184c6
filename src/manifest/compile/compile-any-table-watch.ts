import type { ChangeType, TriggerWatch } from '../../model/definition.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { PlaceholderType } from '../../model/template.ts';
import { parseDurationMs } from '../read/parse-duration.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { TriggerYaml } from '../read/yaml-types.ts';
import { checkChanges } from './check-changes.ts';
import { warnOutsideReferences } from './check-outside-references.ts';
import type { CompileContext } from './compile-context.ts';
import { compileClauses, type TemplateContext, toClauses } from './compile-query.ts';
import { readPlaceholders, readSolePlaceholder } from './compile-template.ts';
import { type PlaceholderScope, resolvePlaceholderType } from './placeholder-scope.ts';

/** The location of the watch of a trigger, and its inputs. */
export interface WatchContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
  readonly context: CompileContext;
}

/** Whether a table, its columns or its changes are named by an input. */
export function isInputName(yaml: string | readonly string[] | undefined): yaml is string {
  return typeof yaml === 'string' && yaml.startsWith('{{input.');
}

/**
 * Compiles the watch of a trigger whose input names the table; undefined if it has errors. The organization's metadata
 * has the columns, so they are checked when the trigger is polled.
 */
export function compileAnyTableWatch(
  yaml: TriggerYaml['watch'],
  { node, scope, context }: WatchContext,
): TriggerWatch | undefined {
  const { columns, changes, due, changedTo } = yaml;
  if (due !== undefined || changedTo !== undefined || changes === undefined || Array.isArray(columns)) {
    node.error('M116', 'a trigger of any table watches changes, and its columns are an input', {
      fix: 'write changes, and columns: "{{input.columns}}"; remove due and changedTo',
    });
    return undefined;
  }
  if (!isInputName(changes) && !checkChanges(yaml, node)) return undefined;
  const clauses = toClauses(yaml.where ?? [], node.at('where'));
  const where = compileClauses(clauses, scope);
  const table = compileWatchInput(yaml.table, isName, { node: node.at('table'), scope });
  const columnsInput = isInputName(columns)
    ? compileWatchInput(columns, isListOfNames, { node: node.at('columns'), scope })
    : undefined;
  const changesInput = isInputName(changes)
    ? compileWatchInput(changes, isListOfChanges, { node: node.at('changes'), scope })
    : undefined;
  const isMissing =
    (isInputName(columns) && columnsInput === undefined) ||
    (isInputName(changes) && changesInput === undefined);
  if (where === undefined || table === undefined || isMissing) return undefined;
  warnOutsideReferences(clauses, changes, context);
  return {
    inputs: omitUndefined({
      table: table.name,
      columns: columnsInput?.name,
      changes: changesInput?.name,
    }),
    changes: isInputName(changes) ? ((changesInput?.type.names ?? []) as ChangeType[]) : changes,
    where,
    columns: [],
    intervalMs: parseDurationMs(yaml.every),
  };
}

/** An input, and the type of its values. */
interface WatchInput {
  readonly name: string;
  readonly type: PlaceholderType;
}

function compileWatchInput(
  raw: string,
  fits: (type: PlaceholderType) => boolean,
  { node, scope }: TemplateContext,
): WatchInput | undefined {
  if (readPlaceholders(raw, node) === undefined) return undefined;
  const path = readSolePlaceholder(raw)?.path ?? [];
  const found = resolvePlaceholderType(path, { node, scope, raw });
  if (found === undefined) return undefined;
  const [, name, ...more] = path;
  if (name !== undefined && more.length === 0 && fits(found.type)) return { name, type: found.type };
  node.error('T105', `${raw}: an input of another type is needed here`, {
    text: raw,
    fix: 'for a table, write format: dataverse-name; for columns, a list of such names; for changes, a list of an enum',
  });
  return undefined;
}

function isName({ kind }: PlaceholderType): boolean {
  return kind === 'wire-name';
}

function isListOfNames({ kind, items }: PlaceholderType): boolean {
  return kind === 'array' && items !== undefined && isName(items);
}

const watchableChanges: readonly string[] = ['created', 'updated', 'deleted', 'left'] satisfies ChangeType[];

function isListOfChanges({ kind, names = [] }: PlaceholderType): boolean {
  return kind === 'names' && names.every((name) => watchableChanges.includes(name));
}
