import { ConnectorError } from '../errors/connector-error.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import type { ChangeType, TriggerDefinition, TriggerWatch, WatchInputs } from '../model/definition.ts';
import type { Issue } from '../model/diagnostic.ts';
import { isJsonArray, type JsonObject } from '../model/json.ts';
import { toJsonPointer } from '../model/json-pointer.ts';
import { ownValue } from '../model/own-value.ts';
import type { Table } from '../model/table.ts';
import type { Template } from '../model/template.ts';
import { withCurrentMetadata } from '../query/current-metadata.ts';
import { invalidValuesError, throwIfInvalid } from '../run/codec/invalid-value.ts';
import type { Connection } from '../run/connection.ts';
import { loadTable } from '../run/metadata-table.ts';
import { compileBody } from '../run/render-template.ts';
import { placeholderValue } from '../run/template-scope.ts';
import type { ResolvedWatch } from './feed.ts';

/** The table that a trigger watches, and what of it. */
export interface WatchedTable {
  readonly table: Table;
  readonly watch: ResolvedWatch;
}

/**
 * Fills the params into what a trigger watches. A table that the params name is read from the organization's metadata;
 * its columns have their logical names.
 *
 * @throws INPUT_INVALID for a table or column that the organization does not have, or a table without times of changes
 */
export async function resolveWatch(
  connection: Connection,
  { id, watch }: TriggerDefinition,
  params: JsonObject,
): Promise<WatchedTable> {
  const { inputs } = watch;
  if (inputs !== undefined) return await resolveAnyTable(connection, { watch, inputs }, params);
  const table = ownValue(connection.definition.tables, watch.table ?? '');
  if (table !== undefined)
    return { table: withoutImages(table), watch: fillChangedTo(watch, connection, params) };
  throw new ConnectorError('MANIFEST_INVALID', `${id}: there is no table "${watch.table}".`);
}

/** The values of `changedTo` with the params filled in; an absent param matches any value. */
function fillChangedTo(
  { changedTo, inputs: _, ...watch }: TriggerWatch,
  { settings }: Connection,
  params: JsonObject,
): ResolvedWatch {
  if (changedTo === undefined) return watch;
  const scope = { input: params, connection: settings };
  return { ...watch, changedTo: compileBody(changedTo, { tables: {} })(scope) as JsonObject };
}

/** Images are large, and are only read when an action asks for them. */
function withoutImages(table: Table): Table {
  if (!table.columns.some(({ type }) => type === 'image')) return table;
  return { ...table, columns: table.columns.filter(({ type }) => type !== 'image') };
}

async function resolveAnyTable(
  connection: Connection,
  { watch, inputs }: { readonly watch: TriggerWatch; readonly inputs: WatchInputs },
  params: JsonObject,
): Promise<WatchedTable> {
  const { changedTo: _, inputs: __, ...rest } = watch;
  const changes = listOf(params, inputs.changes, watch.changes) as readonly ChangeType[];
  requireReported(changes, isFiltered(watch, params), toJsonPointer(inputs.changes ?? ''));
  const path = toJsonPointer(inputs.columns ?? '');
  return await withCurrentMetadata(connection.queryChecker.source, async () => {
    const { table } = await loadTable(connection, String(params[inputs.table]));
    const readable = withoutImages(table);
    if (changes.some((change) => change !== 'deleted')) requireTimes(readable, toJsonPointer(inputs.table));
    const columns = resolveColumns(readable, listOf(params, inputs.columns, []), path);
    return { table: readable, watch: { ...rest, changes, columns } };
  });
}

/** The list in an input; `otherwise` if there is none. */
function listOf(
  params: JsonObject,
  input: string | undefined,
  otherwise: readonly string[],
): readonly string[] {
  const list = input === undefined ? undefined : params[input];
  return list !== undefined && isJsonArray(list) ? list.map(String) : otherwise;
}

/** Whether the params have all values of at least one clause; the other clauses are omitted. */
function isFiltered({ where }: TriggerWatch, params: JsonObject): boolean {
  const hasValue = (part: Template['parts'][number]) =>
    typeof part === 'string' || (placeholderValue(part, { input: params }) ?? null) !== null;
  return where.some(({ parts }) => parts.every(hasValue));
}

/** A row can only leave a filter, and only if it was reported. */
function requireReported(changes: readonly ChangeType[], hasFilter: boolean, path: string): void {
  const isReported = changes.includes('created') || changes.includes('updated');
  if (!changes.includes('left') || (isReported && hasFilter)) return;
  const message = `has left, which needs ${isReported ? 'a filter' : 'created or updated'}: left reports that a row which was reported no longer matches the filter`;
  throw invalidValuesError([{ path, message, keyword: 'changes' }]);
}

/** Changes are read by their times, and creations by theirs. Virtual tables, for example, have neither. */
function requireTimes({ columns, logicalName }: Table, path: string): void {
  const missing = ['createdon', 'modifiedon'].find((name) =>
    columns.every(({ logicalName: column }) => column !== name),
  );
  if (missing === undefined) return;
  const message = `is the table ${logicalName}, which has no column ${missing}: its changes cannot be read`;
  throw invalidValuesError([{ path, message, keyword: 'table' }]);
}

function resolveColumns(table: Table, names: readonly string[], path: string): readonly string[] {
  const issues: Issue[] = [];
  const found = names.flatMap((name, at) => {
    const column = table.columns.find(
      ({ logicalName, wireName }) => logicalName === name || wireName === name,
    );
    if (column !== undefined) return [column.name];
    issues.push({
      path: `${path}${toJsonPointer(at)}`,
      message: unknownColumn(table, name),
      keyword: 'column',
    });
    return [];
  });
  throwIfInvalid(issues);
  return found;
}

function unknownColumn({ columns, logicalName }: Table, name: string): string {
  const known = columns.map((column) => column.logicalName);
  return `"${name}" is not a column of the table ${logicalName} that can be watched${didYouMean(name, known)}`;
}
